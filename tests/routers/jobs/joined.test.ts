import { createHash } from "node:crypto"
import { expect, it, onTestFinished } from "vitest"
import { compressJdl } from "@spinor/core/jdl/compression"
import { instant, plusSeconds } from "@spinor/core/instant"
import type { SqlDatabases } from "@spinor/db/sql/unit-of-work"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { JobLoggingDB } from "@spinor/db/sql/job-logging/job-logging-db"
import { connectSql } from "@spinor/db/sql/connections"
import { JobDB } from "@spinor/db/sql/job/job-db"
import { describeEachBackend, dialectOf } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { admin, alice, bob, serviceOn, type Caller } from "../../support/service.ts"
import { storeJobs } from "../../support/stored-jobs.ts"

const AT = "2026-01-01T00:00:00Z"
const LATER = "2040-01-01T00:00:00Z"
/** As many writers as there are jobs, all at the same time. */
const WRITERS = 20

const TWINS: [what: string, jdls: string[]] = [
  "input data that differ in case",
  ['InputData = {"/vo/File", "/vo/file"}'],
]

describeEachBackend("clients who write at the same time", (backend) => {
  const INSERT = /insert into .(LoggingInfo|HeartBeatLoggingInfo)/i
  let inserts = 0
  const database = useDatabase(backend, {
    onStatement: (text) => INSERT.test(text) && inserts++,
  })
  const logs = useDatabase(backend)
  const isFile = dialectOf(backend) === "sqlite"
  const startService = (sql = database.sql) => {
    const service = serviceOn(sql)
    const patch = (path: string, body: unknown, as: Caller) =>
      service.call("PATCH", `/api/jobs/${path}`, { as, body })
    return {
      set: (jobId: number, Status: string) =>
        patch("status", { [jobId]: { [LATER]: { Status } } }, alice),
      setMinor: (jobId: number, as: Caller = alice, time = AT) =>
        patch("status", { [jobId]: { [time]: { MinorStatus: `of ${jobId}` } } }, as),
      setOften: (jobId: number) => {
        const times = Array.from({ length: 101 }, (_, i) => plusSeconds(instant(AT), i))
        const updates = times.map((time) => [time, { MinorStatus: "m" }])
        return patch("status", { [jobId]: Object.fromEntries(updates) }, alice)
      },
      force: (jobId: number) =>
        patch("status?force=true", { [jobId]: { [AT]: { MinorStatus: "m" } } }, admin),
      beat: (jobId: number, as: Caller = alice) =>
        patch("heartbeat", { [jobId]: { LoadAverage: jobId } }, as),
      beatWithOutput: (jobId: number) =>
        patch("heartbeat", { [jobId]: { LoadAverage: 1, StandardOutput: "out" } }, alice),
      submit: (body: readonly string[]) =>
        service.call("POST", "/api/jobs/jdl", { as: alice, body }),
    }
  }
  const newJobs = (count = WRITERS) =>
    storeJobs(
      database.sql,
      Array.from({ length: count }, () => ({})),
    )
  const minorsOf = (jobIds: readonly number[]) =>
    database.sql.read({ jobs: JobDB }, async ({ jobs }) => {
      const locked = await jobs.lockJobs(jobIds)
      return locked.map(({ minorStatus }) => minorStatus)
    })
  const recordsOf = (sql: SqlDatabases, jobIds: readonly number[]) =>
    sql.read({ logging: JobLoggingDB }, ({ logging }) => logging.records(jobIds))
  const ascending = (a: number, b: number) => a - b
  /** The log is on a server of its own. */
  const urlOf = (name: string) =>
    parseDatabaseUrl((name === "JobLoggingDB" ? logs : database).url, "the test's URL")
  const namesOf = async (jobIds: readonly number[]) => {
    const body = {
      search: [{ parameter: "JobID", operator: "in", values: jobIds }],
      parameters: ["JobID", "JobName"],
      sort: [{ parameter: "JobID", direction: "asc" }],
    }
    const path = "/api/jobs/search?per_page=1000"
    const found = await serviceOn(database.sql).call("POST", path, { as: alice, body })
    return found.body.map(({ JobName }: { JobName: string }) => JobName)
  }
  const idsOf = (answer: { readonly body: readonly { readonly JobID: number }[] }) =>
    answer.body.map(({ JobID }) => JobID)
  const statuses = (answers: readonly { status: number }[]) => answers.map(({ status }) => status)
  const isEven = (_: unknown, i: number) => i % 2 === 0

  /** How often rows were inserted while all jobs were written to at once, each by a call that went well. */
  const insertsOf = async <Job>(
    jobs: readonly Job[],
    write: (job: Job) => Promise<{ readonly status: number }>,
    status = 200,
  ) => {
    inserts = 0
    const answers = await Promise.all(jobs.map((job) => write(job)))
    expect(statuses(answers)).toEqual(Array(WRITERS).fill(status))
    return inserts
  }

  it("share units of work for status updates", async () => {
    const { setMinor } = startService()
    const jobIds = await newJobs()
    expect(await insertsOf(jobIds, (jobId) => setMinor(jobId))).toBeLessThan(WRITERS / 2)
    expect(await minorsOf(jobIds)).toEqual(jobIds.map((jobId) => `of ${jobId}`))
    const records = await recordsOf(database.sql, jobIds)
    expect(records.map(({ seqNum }) => seqNum)).toEqual(Array(WRITERS).fill(1))
  })

  it("share units of work for heartbeats", async () => {
    const { beat } = startService()
    expect(await insertsOf(await newJobs(), (jobId) => beat(jobId))).toBeLessThan(WRITERS / 2)
  })

  it("share units of work for submissions", async () => {
    const { submit } = startService()
    const jobs = Array.from({ length: WRITERS }, (_, i) => [`JobName = "job ${i}"`])
    expect(await insertsOf(jobs, submit, 201)).toBeLessThan(WRITERS / 2)
  })

  it.each([
    ["long descriptions", [`Arguments = "${"a".repeat(20_000)}"`]],
    ["many jobs", Array.from({ length: 21 }, () => `JobName = "one of many"`)],
    // MySQL refuses it.
    ...(dialectOf(backend) === "mysql" ? [] : [TWINS]),
  ])("share none when they submit %s", async (_, body) => {
    const { submit } = startService()
    const jobs = Array.from({ length: WRITERS }, () => body)
    expect(await insertsOf(jobs, submit, 201)).toBe(WRITERS)
  })

  it("are given the ids of their own jobs, in the order in which they named them", async () => {
    const { submit } = startService()
    const calls = Array.from({ length: WRITERS }, (_, i) =>
      Array.from({ length: (i % 3) + 1 }, (__, job) => `job ${job} of ${i}`),
    )
    const answers = await Promise.all(
      calls.map((names) => submit(names.map((name) => `JobName = "${name}"`))),
    )
    for (const [i, answer] of answers.entries()) {
      expect(idsOf(answer)).toEqual(idsOf(answer).toSorted(ascending))
      expect(await namesOf(idsOf(answer))).toEqual(calls[i])
    }
    const ids = answers.flatMap(idsOf)
    const records = await recordsOf(database.sql, ids)
    expect(records.map(({ jobId }) => jobId).toSorted(ascending)).toEqual(ids.toSorted(ascending))
  })

  it("hear by themselves that a description does not fit its column", async () => {
    const { submit } = startService()
    const incompressible = createHash("shake256", { outputLength: 48_800 }).digest("base64")
    const long = `[Arguments = "${incompressible}"]`
    // As it is sent, and without what the service adds.
    expect(() => compressJdl(long)).not.toThrow()
    const answers = await Promise.all(
      Array.from({ length: WRITERS }, (_, i) => submit([isEven(_, i) ? "Arguments = 1" : long])),
    )
    expect(statuses(answers)).toEqual(answers.map((_, i) => (isEven(_, i) ? 201 : 400)))
  })

  it("share none when they force statuses", async () => {
    const { force } = startService()
    expect(await insertsOf(await newJobs(), force)).toBe(WRITERS)
  })

  it("share none when they send documents", async () => {
    const { beatWithOutput } = startService()
    expect(await insertsOf(await newJobs(), beatWithOutput)).toBe(WRITERS)
  })

  it("share none when they send many updates", async () => {
    const { setOften } = startService()
    expect(await insertsOf(await newJobs(), setOften)).toBe(WRITERS)
  })

  it("are told of their own jobs", async () => {
    const { setMinor } = startService()
    const jobIds = await newJobs()
    const answers = await Promise.all(jobIds.map((jobId) => setMinor(jobId)))
    for (const [i, { body }] of answers.entries()) {
      expect(Object.keys(body.success)).toEqual([String(jobIds[i])])
      expect(body.failed).toEqual({})
    }
  })

  it("are refused by themselves, and nothing of theirs is written", async () => {
    const { setMinor } = startService()
    const jobIds = await newJobs()
    const callers = jobIds.map((_, i) => (isEven(_, i) ? alice : bob))
    const answers = await Promise.all(jobIds.map((jobId, i) => setMinor(jobId, callers[i])))
    expect(statuses(answers)).toEqual(callers.map((caller) => (caller === alice ? 200 : 403)))
    expect(await minorsOf(jobIds)).toEqual(
      jobIds.map((jobId, i) => (callers[i] === alice ? `of ${jobId}` : "Job accepted")),
    )
  })

  it("hear by themselves that a job is not there", async () => {
    const { setMinor, beat } = startService()
    const jobIds = await newJobs()
    const asked = jobIds.map((jobId, i) => (isEven(jobId, i) ? jobId : jobId + 1_000_000))
    const expected = asked.map((_, i) => (isEven(_, i) ? 200 : 404))
    const updates = await Promise.all(asked.map((jobId) => setMinor(jobId, admin)))
    expect(statuses(updates)).toEqual(expected)
    const beats = await Promise.all(asked.map((jobId) => beat(jobId, admin)))
    expect(statuses(beats)).toEqual(expected)
  })

  // The log is sorted by a number that ends in 2042; a file of SQLite has no such end.
  it.skipIf(isFile)(
    "hear by themselves that the database cannot hold what they write",
    async () => {
      const { setMinor } = startService()
      const jobIds = await newJobs()
      const late = "2100-01-01T00:00:00Z"
      expect((await setMinor(jobIds[0] ?? 0, alice, late)).status).toBe(400)
      const answers = await Promise.all(
        jobIds.map((jobId, i) => setMinor(jobId, alice, isEven(jobId, i) ? late : AT)),
      )
      expect(statuses(answers)).toEqual(jobIds.map((_, i) => (isEven(_, i) ? 400 : 200)))
    },
  )

  it("fetch the commands to their own jobs, and who is refused fetches none", async () => {
    const { beat } = startService()
    const jobIds = await newJobs()
    await database.sql.write({ jobs: JobDB }, ({ jobs }) => jobs.commandKill(jobIds, instant(AT)))
    const answers = await Promise.all(
      jobIds.map((jobId, i) => beat(jobId, isEven(jobId, i) ? alice : bob)),
    )
    for (const [i, { status, body }] of answers.entries()) {
      if (isEven(status, i)) expect(body).toMatchObject([{ job_id: jobIds[i], command: "Kill" }])
      else expect(status).toBe(403)
    }
    const again = await Promise.all(jobIds.map((jobId) => beat(jobId)))
    expect(again.map(({ body }) => body.length)).toEqual(jobIds.map((_, i) => i % 2))
  })

  it("bring jobs back to life, which somebody kills", async () => {
    const { set, beat } = startService()
    const jobIds = await storeJobs(
      database.sql,
      Array.from({ length: WRITERS }, () => ({ status: "Stalled" })),
    )
    const beats = await Promise.all(jobIds.map((jobId) => beat(jobId)))
    expect(statuses(beats)).toEqual(Array(WRITERS).fill(200))
    const kills = await Promise.all(jobIds.map((jobId) => set(jobId, "Killed")))
    expect(kills.map(({ body }) => Object.keys(body.success))).toEqual(
      jobIds.map((id) => [String(id)]),
    )
    const later = await Promise.all(jobIds.map((jobId) => beat(jobId)))
    expect(later.map(({ body }) => body)).toMatchObject(
      jobIds.map((jobId) => [{ job_id: jobId, command: "Kill" }]),
    )
    const records = await recordsOf(database.sql, jobIds)
    expect(records.map(({ status }) => status).toSorted()).toEqual([
      ...Array<string>(WRITERS).fill("Killed"),
      ...Array<string>(WRITERS).fill("Running"),
    ])
  })

  it("submit jobs whose log is on another server", async () => {
    const connections = connectSql(urlOf)
    onTestFinished(() => connections.close())
    const { submit } = startService(connections.sql)
    const answers = await Promise.all(
      Array.from({ length: WRITERS }, (_, i) => submit([`JobName = "apart ${i}"`])),
    )
    const ids = answers.flatMap(idsOf)
    expect((await recordsOf(logs.sql, ids)).map(({ jobId }) => jobId).toSorted(ascending)).toEqual(
      ids.toSorted(ascending),
    )
  })

  it("find the jobs and their log on different servers", async () => {
    const connections = connectSql(urlOf)
    onTestFinished(() => connections.close())
    const { setMinor } = startService(connections.sql)
    const jobIds = await newJobs()
    const answers = await Promise.all(jobIds.map((jobId) => setMinor(jobId)))
    expect(statuses(answers)).toEqual(Array(WRITERS).fill(200))
    expect(
      (await recordsOf(logs.sql, jobIds)).map(({ jobId }) => jobId).toSorted(ascending),
    ).toEqual(jobIds)
  })

  // A file has one lock.
  it.skipIf(isFile)("do not wait for a job that somebody has locked", async () => {
    const { setMinor, beat } = startService()
    const [first = 0, second = 0, ...others] = await newJobs()
    const locked = Promise.withResolvers<void>()
    const end = Promise.withResolvers<void>()
    onTestFinished(() => end.resolve())
    const holder = database.sql.write({ jobs: JobDB }, async ({ jobs }) => {
      await jobs.lockJobs([first, second])
      locked.resolve()
      await end.promise
    })
    await locked.promise
    const theirs = [setMinor(first), beat(first), setMinor(second), beat(second)]
    inserts = 0
    const answers = await Promise.all(
      others.map((jobId, i) => (isEven(jobId, i) ? setMinor(jobId) : beat(jobId))),
    )
    expect(new Set(statuses(answers))).toEqual(new Set([200]))
    // Those of each operation waited behind the first job, and went together.
    expect(inserts).toBeLessThan(others.length / 2)
    end.resolve()
    await holder
    expect(statuses(await Promise.all(theirs))).toEqual([200, 200, 200, 200])
  })
})
