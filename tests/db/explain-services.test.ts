import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, expect, it } from "vitest"
import { instant } from "@spinor/core/instant"
import { withoutSe } from "@spinor/core/sandboxes/pfn"
import { AuthDB } from "@spinor/db/sql/auth/auth-db"
import { JobDB } from "@spinor/db/sql/job/job-db"
import { PilotAgentsDB } from "@spinor/db/sql/pilot/pilot-agents-db"
import { SandboxMetadataDB } from "@spinor/db/sql/sandbox-metadata/sandbox-metadata-db"
import { describeEachDialect } from "../support/backends.ts"
import { useDatabase } from "../support/database.ts"
import { registeredPilot } from "../support/registered-pilot.ts"
import { admin, alice, serviceOn, type Caller } from "../support/service.ts"
import { storeJobs, storeLog } from "../support/stored-jobs.ts"
import { announced, storedSandboxes } from "../support/stored-sandboxes.ts"
import { openPlanner, scansOf, type Planner, type Statement } from "./plans.ts"

const ROWS = 5000
const AT = instant("2026-01-01T00:00:00Z")
const TABLES = [
  "Jobs",
  "JobJDLs",
  "JobCommands",
  "LoggingInfo",
  "PilotAgents",
  "JobToPilotMapping",
  "RefreshTokens",
  "AuthorizationFlows",
  "DeviceFlows",
  "sb_Owners",
  "sb_SandBoxes",
  "sb_EntityMapping",
]

const many = <Row>(row: (i: number) => Row): Row[] => Array.from({ length: ROWS }, (_, i) => row(i))

class JobsOfTests extends JobDB {
  async fill(jobIds: readonly number[]): Promise<void> {
    const { jobCommands } = this.tables
    const usual = { command: "Kill", arguments: "", status: "Sent", receptionTime: AT }
    await this.insertRows(
      jobCommands,
      jobIds.map((jobId) => ({ ...usual, jobId })),
    )
  }
}

class PilotsOfTests extends PilotAgentsDB {
  async fill(): Promise<void> {
    const { pilots, jobToPilotMapping } = this.tables
    const usual = {
      initialJobId: 0,
      currentJobId: 0,
      destinationSite: "ce",
      queue: "q",
      gridSite: "site",
      vo: "othervo",
      gridType: "DIRAC",
      benchMark: 1,
      statusReason: "",
      accountingSent: false,
    }
    const rows = many((i) => {
      return { ...usual, pilotJobReference: `p${i}`, stamp: `p${i}`, status: `old ${i % 50}` }
    })
    await this.insertRows(pilots, rows)
    await this.insertRows(
      jobToPilotMapping,
      many((i) => ({ pilotId: i + 1, jobId: i + 1, startTime: AT })),
    )
  }
}

class SandboxesOfTests extends SandboxMetadataDB {
  async fill(): Promise<void> {
    const { owners, sandboxes, entityMapping } = this.tables
    const times = { registrationTime: AT, lastAccessTime: AT }
    await this.insertRows(
      owners,
      many((i) => ({ owner: `user${i}`, ownerGroup: "user", vo: "testvo" })),
    )
    await this.insertRows(
      sandboxes,
      many((i) => {
        const place = { seName: "SandboxSE", pfn: `/S3/bucket/${i}` }
        return { ...place, ...times, ownerId: i + 1, bytes: 1, assigned: true }
      }),
    )
    await this.insertRows(
      entityMapping,
      many((i) => ({ sandboxId: i + 1, entityId: `Job:${1_000_000 + i}`, type: "Input" })),
    )
  }
}

class AuthOfTests extends AuthDB {
  async fill(): Promise<void> {
    const { refreshTokens, authorizationFlows, deviceFlows } = this.tables
    const flow = { status: "PENDING", clientId: "c", scope: "s", creationTime: AT } as const
    const tokens = many((i) => {
      return { jti: randomUUID(), sub: `sub${i}`, scope: "s", status: "CREATED" as const }
    })
    const challenge = { codeChallenge: "c", codeChallengeMethod: "S256", redirectUri: "r" }
    await this.insertRows(refreshTokens, tokens)
    await this.insertRows(
      authorizationFlows,
      many((i) => ({ ...flow, ...challenge, uuid: randomUUID(), code: `code${i}` })),
    )
    await this.insertRows(
      deviceFlows,
      many((i) => ({ ...flow, userCode: `U${i}`, deviceCode: `device${i}` })),
    )
  }
}

describeEachDialect("no table is scanned", (backend) => {
  let statements: Statement[] = []
  const database = useDatabase(backend, {
    onStatement: (sql, parameters) => void statements.push({ sql, parameters }),
  })
  let planner: Planner
  let ids: number[] = []

  const call = async (as: Caller, method: string, path: string, body?: unknown) => {
    const answer = await serviceOn(database.sql).call(method, path, { as, body })
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300)
    return answer
  }

  beforeAll(async () => {
    ids = await storeJobs(
      database.sql,
      many(() => ({ status: "Running" })),
    )
    await storeLog(
      database.sql,
      ids.map((jobId) => {
        const words = { status: "Running", minorStatus: "m", applicationStatus: "a" }
        return { jobId, seqNum: 1, ...words, statusTime: AT, source: "test" }
      }),
    )
    await database.sql.write({ jobs: JobsOfTests }, ({ jobs }) => jobs.fill(ids))
    await database.sql.write({ pilots: PilotsOfTests }, ({ pilots }) => pilots.fill())
    await database.sql.write({ boxes: SandboxesOfTests }, ({ boxes }) => boxes.fill())
    await database.sql.write({ auth: AuthOfTests }, ({ auth }) => auth.fill())
    planner = await openPlanner(backend, database.url)
    await planner.analyze(TABLES)
  })
  afterAll(() => planner.close())

  const scannedBy = async (work: () => Promise<unknown>) => {
    statements = []
    await work()
    return await scansOf(planner, statements)
  }

  it.each([
    ["owner", alice],
    ["administrator", admin],
  ])("by statuses and heartbeats of an %s", async (_, as) => {
    const each = (value: unknown) =>
      Object.fromEntries(ids.slice(100, 120).map((id) => [id, value]))
    const update = { "2026-06-01T00:00:00Z": { MinorStatus: "m" } }
    const scans = await scannedBy(async () => {
      await call(as, "PATCH", "/api/jobs/status", each(update))
      await call(as, "PATCH", "/api/jobs/heartbeat", each({ CPUConsumed: 1 }))
      await call(as, "PATCH", "/api/jobs/metadata", each({ Site: "S" }))
    })
    expect(scans).toEqual([])
  })

  it("by rescheduling jobs that were submitted", async () => {
    const jdls = Array.from({ length: 20 }, () => `InputData = {"/testvo/a"};`)
    const submitted = await call(alice, "POST", "/api/jobs/jdl", jdls)
    const job_ids = submitted.body.map((job: { JobID: number }) => job.JobID)
    const path = "/api/jobs/reschedule"
    expect(await scannedBy(() => call(alice, "POST", path, { job_ids }))).toEqual([])
  })

  it("by a sandbox, from its announcement to its end", async () => {
    const [job = 0] = ids
    const scans = await scannedBy(async () => {
      const body = announced()
      const path = `/api/jobs/${job}/sandbox`
      const { body: sandbox } = await call(alice, "POST", "/api/jobs/sandbox", body)
      await call(alice, "POST", "/api/jobs/sandbox", body)
      await storedSandboxes(database.sql).giveAsInput(withoutSe(sandbox.pfn), job)
      await call(alice, "GET", path)
      await call(admin, "POST", "/api/jobs/sandbox/unassign", { job_ids: [job] })
    })
    expect(scans).toEqual([])
  })

  it("by pilots", async () => {
    const scans = await scannedBy(async () => {
      const stamp = await registeredPilot(serviceOn(database.sql))
      // PostgreSQL takes any list for a hundred rows, and would rather scan the few pages of this table.
      if (backend !== "postgresql") {
        await call(admin, "PATCH", "/api/pilots/metadata", { [stamp]: { Status: "Running" } })
      }
      for (const [parameter, value] of Object.entries({ PilotStamp: stamp, Status: "Running" })) {
        const search = [{ parameter, operator: "eq", value }]
        await call(admin, "POST", "/api/pilots/search", { search })
        await call(admin, "POST", "/api/pilots/summary", { grouping: ["Status"], search })
      }
      await call(admin, "POST", "/api/pilots/search?per_page=5&cursor=", {
        search: [{ parameter: "JobID", operator: "eq", value: 1 }],
      })
    })
    expect(scans).toEqual([])
  })

  it("by tokens and flows", async () => {
    const jti = randomUUID()
    const scans = await scannedBy(() =>
      database.sql.write({ auth: AuthDB }, async ({ auth }) => {
        await auth.refreshToken(jti)
        await auth.revokeRefreshToken(jti)
        await auth.refreshTokens("sub1")
        await auth.revokeRefreshTokensOf("sub1")
        await auth.deviceFlow("device1")
        await auth.completeDeviceFlow("U1", {} as never, AT)
        await auth.endDeviceFlow("device1")
        await auth.lockAuthorizationFlow("code1", AT)
        await auth.endAuthorizationFlow(jti)
      }),
    )
    expect(scans).toEqual([])
  })
})
