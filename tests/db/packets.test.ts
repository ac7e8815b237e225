import { tracingChannel } from "node:diagnostics_channel"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { InvalidRequestError } from "@spinor/core/errors"
import { instant } from "@spinor/core/instant"
import { JobDB } from "@spinor/db/sql/job/job-db"
import { JobLoggingDB } from "@spinor/db/sql/job-logging/job-logging-db"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { runsHere } from "../support/backends.ts"
import { useDatabase } from "../support/database.ts"
import { alice, serviceOn } from "../support/service.ts"
import { storeJobs } from "../support/stored-jobs.ts"

/** What the driver tells of each packet with statements. */
interface Packet {
  readonly query: string
  readonly database: string
}

describe.skipIf(!runsHere("mysql"))("a unit of work on MySQL", () => {
  const database = useDatabase("mysql")
  let packets: string[] = []
  const channel = tracingChannel<"mysql2:query", Packet>("mysql2:query")
  const watch = (message: unknown) => {
    // The driver's documentation says so.
    const { query, database: name } = message as Packet
    if (name === parseDatabaseUrl(database.url, "the test's URL").database) packets.push(query)
  }
  beforeAll(() => channel.start.subscribe(watch))
  afterAll(() => channel.start.unsubscribe(watch))

  const newJob = async () => (await storeJobs(database.sql, [{ site: "before" }]))[0] ?? 0
  const siteOf = async (jobId: number) => {
    const search = [{ parameter: "JobID", operator: "eq", value: jobId }]
    const { body } = await serviceOn(database.sql).call("POST", "/api/jobs/search", {
      as: alice,
      body: { search },
    })
    return body[0]?.Site
  }

  it.each([
    ["a submission", "POST", "jdl", () => ["[]"]],
    [
      "a status",
      "PATCH",
      "status",
      (id: number) => ({ [id]: { "2026-01-01T00:00:00Z": { Status: "Running" } } }),
    ],
    ["a heartbeat", "PATCH", "heartbeat", (id: number) => ({ [id]: { CPUConsumed: 1 } })],
  ] as const)("of %s says all in two packets", async (_, method, path, body) => {
    const jobId = await newJob()
    packets = []
    const answer = await serviceOn(database.sql).call(method, `/api/jobs/${path}`, {
      as: alice,
      body: body(jobId),
    })
    expect(answer.status).toBeLessThan(300)
    expect(packets).toHaveLength(2)
    expect(packets[0]).toMatch(/^START TRANSACTION;/)
    expect(packets[1]).toMatch(/;COMMIT$/)
  })

  it("is undone by what fails on the way to its commit", async () => {
    const jobId = await newJob()
    const record = {
      jobId,
      seqNum: 7,
      status: "Running",
      minorStatus: "m",
      applicationStatus: "a",
      statusTime: instant("2026-01-01T00:00:00Z"),
      source: "test",
    }
    const unit = database.sql.write({ jobs: JobDB, logging: JobLoggingDB }, async (each) => {
      await each.jobs.updateJobs(new Map([[jobId, { site: "after" }]]))
      await each.logging.insertRecords([record, record])
    })
    await expect(unit).rejects.toThrow(InvalidRequestError)
    expect(await siteOf(jobId)).toBe("before")
  })

  it("is run again after a deadlock that is answered to its commit", async () => {
    const [one = 0, other = 0] = await storeJobs(database.sql, [{}, {}])
    const [holdsOne, holdsOther] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    let runs = 0
    packets = []
    const heavier = database.sql.write({ jobs: JobDB }, async ({ jobs }) => {
      // Who has changed less is undone.
      await jobs.reserveJobs(Array(20).fill("[]"))
      await jobs.lockJobs([other])
      holdsOther.resolve()
      await holdsOne.promise
      await jobs.lockJobs([one])
      await jobs.updateJobs(new Map([[one, { site: "heavier" }]]))
    })
    const lighter = database.sql.write({ jobs: JobDB }, async ({ jobs }) => {
      runs++
      await jobs.lockJobs([one])
      holdsOne.resolve()
      await holdsOther.promise
      await jobs.updateJobs(new Map([[other, { site: "lighter" }]]))
    })
    await Promise.all([heavier, lighter])
    expect(runs).toBe(2)
    expect(packets.filter((packet) => /'lighter'.*;COMMIT$/.test(packet))).toHaveLength(2)
    expect([await siteOf(one), await siteOf(other)]).toEqual(["heavier", "lighter"])
  })

  it("takes texts for texts that look like statements", async () => {
    const jobId = await newJob()
    const site = `x'; DROP TABLE Jobs; -- \\'; ?`
    await database.sql.write({ jobs: JobDB }, ({ jobs }) =>
      jobs.updateJobs(new Map([[jobId, { site }]])),
    )
    expect(await siteOf(jobId)).toBe(site)
  })
})
