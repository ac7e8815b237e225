import { describe, expect, it } from "vitest"
import { JobDB } from "@spinor/db/sql/job/job-db"
import { runsHere } from "../../support/backends.ts"
import { lambdaRunsHere } from "../../support/lambda/runtime-client.ts"
import { storeJobs } from "../../support/stored-jobs.ts"
import { jsonOf } from "../artifact/send.ts"
import { useContainers } from "./containers.ts"

const canRun = await lambdaRunsHere()
const BACKENDS = (["mysql", "postgresql"] as const).filter(runsHere)

describe.skipIf(!canRun).each(BACKENDS)("a function near its time-out, on %s", (backend) => {
  const deployed = useContainers(backend)

  it("answers by itself, changes nothing, and goes on with the next request", async () => {
    const call = await deployed.api({ timeoutMs: 4000 })
    const [jobId = 0] = await storeJobs(deployed.sql, [{ status: "Waiting" }])
    const status = async () =>
      jsonOf(await call("POST", "/api/jobs/search", { parameters: ["Status"] }))[0].Status
    const kill = () => {
      const change = { [new Date().toISOString()]: { Status: "Killed" } }
      return call("PATCH", "/api/jobs/status", { [jobId]: change })
    }
    expect(await status()).toBe("Waiting")

    const [holds, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const holder = deployed.sql.write({ jobs: JobDB }, async ({ jobs }) => {
      await jobs.lockJobs([jobId])
      holds.resolve()
      await end.promise
    })
    await holds.promise
    const answer = await kill()
    expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "10" } })
    expect(jsonOf(answer)).toEqual({ detail: "The request took too long" })
    expect(await status()).toBe("Waiting")

    end.resolve()
    await holder
    expect((await kill()).status).toBe(200)
    expect(await status()).toBe("Killed")
  })
})
