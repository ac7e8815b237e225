import { describe, expect, it, onTestFinished } from "vitest"
import { connectSql } from "@spinor/db/sql/connections"
import { JobDB } from "@spinor/db/sql/job/job-db"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { runsHere } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { noDatabases } from "../../support/no-databases.ts"
import { admin, serviceOn, type Json, type Service } from "../../support/service.ts"
import { storeJobs } from "../../support/stored-jobs.ts"

const TOO_LONG = { status: 503, body: { detail: "The request took too long" } }

const within = (stop: number, over = stop + 5000) => ({
  stop: AbortSignal.timeout(stop),
  over: AbortSignal.timeout(over),
})

describe.each((["mysql", "postgresql"] as const).filter(runsHere))(
  "a request that waits for a lock on %s",
  (backend) => {
    const database = useDatabase(backend)

    /** Locks a job, which is released at the end of the test. */
    async function lockedJob(): Promise<number> {
      const [jobId = 0] = await storeJobs(database.sql, [{ status: "Waiting" }])
      const [holds, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const unit = database.sql.write({ jobs: JobDB }, async ({ jobs }) => {
        await jobs.lockJobs([jobId])
        holds.resolve()
        await end.promise
      })
      onTestFinished(async () => {
        end.resolve()
        await unit
      })
      await holds.promise
      return jobId
    }
    /** With one connection, as a function has it. */
    function inContainer(): Service {
      const url = parseDatabaseUrl(database.url, "the test's URL")
      const connections = connectSql(() => url, { poolSize: 1 })
      onTestFinished(() => connections.close())
      return serviceOn(connections.sql)
    }
    const statusOf = async (service: Service, jobId: number): Promise<Json> => {
      const search = [{ parameter: "JobID", operator: "eq", value: jobId }]
      const answer = await service.call("POST", "/api/jobs/search", { as: admin, body: { search } })
      return answer.body[0]?.Status
    }

    it("is told in time, changes nothing, and keeps the next one from nothing", async () => {
      const service = inContainer()
      const jobId = await lockedJob()
      const body = { [jobId]: { [new Date().toISOString()]: { Status: "Killed" } } }
      const began = performance.now()
      const answer = await service.call("PATCH", "/api/jobs/status", {
        as: admin,
        body,
        deadline: within(300),
      })
      expect(answer).toMatchObject(TOO_LONG)
      expect(answer.headers.get("retry-after")).toBe("10")
      expect(performance.now() - began).toBeLessThan(2000)
      expect(await statusOf(service, jobId)).toBe("Waiting")
    })
  },
)

describe("a request that waits for something else than a database", () => {
  const waiting = () => serviceOn(noDatabases, { config: { latest: () => new Promise(() => {}) } })

  it("is answered when time is over", async () => {
    const began = performance.now()
    const answer = await waiting().call("GET", "/api/config/", {
      as: admin,
      deadline: within(0, 200),
      isDocumented: false,
    })
    expect(answer).toMatchObject(TOO_LONG)
    expect(performance.now() - began).toBeLessThan(1500)
  })
})
