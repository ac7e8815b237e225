import { beforeAll, describe, expect, it } from "vitest"
import * as z from "zod"
import { ForbiddenError } from "@spinor/core/errors"
import type { JobUser } from "@spinor/logic/jobs/deps"
import {
  mustForceStatuses,
  mustManageJobs,
  mustQueryJobs,
  mustReadJobs,
  mustSubmitJobs,
} from "@spinor/logic/jobs/policy"
import { useDatabase } from "../../support/database.ts"
import { storeJobs } from "../../support/stored-jobs.ts"
import { serviceVectorsOf } from "../../support/vectors.ts"

const Input = z.object({
  action: z.enum(["create", "read", "manage", "query", "pilot", "force_status"]),
  properties: z.array(z.string()),
  user: z.string(),
  jobs: z.literal("1,2,3 alice@lhcb; 4 bob@lhcb; 5 alice@gridpp"),
})
type Action = z.output<typeof Input>["action"]

const Output = z.object({ by_job_ids: z.record(z.string(), z.string()) })

describe("DiracX's policy for jobs", () => {
  const database = useDatabase("sqlite")

  beforeAll(async () => {
    const alices = { owner: "alice", vo: "lhcb" }
    const others = [
      { owner: "bob", vo: "lhcb" },
      { owner: "alice", vo: "gridpp" },
    ]
    const jobIds = await storeJobs(database.sql, [alices, alices, alices, ...others])
    expect(jobIds).toEqual([1, 2, 3, 4, 5])
  })

  const policies: Record<Action, (user: JobUser, jobIds: number[]) => void | Promise<void>> = {
    create: mustSubmitJobs,
    query: mustQueryJobs,
    force_status: mustForceStatuses,
    read: (user, jobIds) => mustReadJobs(database, user, jobIds),
    manage: (user, jobIds) => mustManageJobs(database, user, jobIds),
    pilot: (user, jobIds) => mustManageJobs(database, user, jobIds),
  }

  it.each(
    serviceVectorsOf("security.json", "WMSAccessPolicy").map(
      (vector) => [vector.name, vector] as const,
    ),
  )("%s", async (_, { input, output }) => {
    const { action, properties, user } = Input.parse(input)
    const [preferredUsername = "", vo = ""] = user.split("@")
    const caller = { preferredUsername, vo, group: "any", properties: new Set(properties) }
    for (const [ids, answer] of Object.entries(Output.parse(output).by_job_ids)) {
      // What DiracX's policy is never asked, it does not answer.
      if (answer === "NotImplementedError") continue
      const jobIds = z.array(z.number()).nullable().parse(JSON.parse(ids)) ?? []
      expect([ids, await decisionOf(() => policies[action](caller, jobIds))]).toEqual([ids, answer])
    }
  })
})

async function decisionOf(policy: () => void | Promise<void>): Promise<string> {
  try {
    await policy()
    return "allow"
  } catch (error) {
    if (error instanceof ForbiddenError) return "403"
    throw error
  }
}
