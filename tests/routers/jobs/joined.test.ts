import { expect, it, onTestFinished } from "vitest"
import { instant, plusSeconds } from "@spinor/core/instant"
import { JobLoggingDB } from "@spinor/db/sql/job-logging/job-logging-db"
import { JobDB } from "@spinor/db/sql/job/job-db"
import { describeEachBackend, dialectOf } from "../../support/backends.ts"
import { admin, alice, bob, serviceOn, type Caller } from "../../support/service.ts"
import { storeJobs } from "../../support/stored-jobs.ts"
import { ascending, isEven, statuses, useWriters, WRITERS } from "../../support/writers.ts"

const AT = "2026-01-01T00:00:00Z"
const LATER = "2040-01-01T00:00:00Z"
describeEachBackend("clients who write to different jobs at the same time", (backend) => {
  const { database, insertsOf, connectApart, recordsApart } = useWriters(backend)
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
  const recordsOf = (jobIds: readonly number[]) =>
    database.sql.read({ logging: JobLoggingDB }, ({ logging }) => logging.records(jobIds))
  it("share units of work for status updates", async () => {
    const { setMinor } = startService()
    const jobIds = await newJobs()
    expect(await insertsOf(jobIds, (jobId) => setMinor(jobId))).toBeLessThan(WRITERS / 2)
    expect(await minorsOf(jobIds)).toEqual(jobIds.map((jobId) => `of ${jobId}`))
    const records = await recordsOf(jobIds)
    expect(records.map(({ seqNum }) => seqNum)).toEqual(Array(WRITERS).fill(1))
  })

  it("share units of work for heartbeats", async () => {
    const { beat } = startService()
    expect(await insertsOf(await newJobs(), (jobId) => beat(jobId))).toBeLessThan(WRITERS / 2)
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
    const records = await recordsOf(jobIds)
    expect(records.map(({ status }) => status).toSorted()).toEqual([
      ...Array<string>(WRITERS).fill("Killed"),
      ...Array<string>(WRITERS).fill("Running"),
    ])
  })

  it("find the jobs and their log on different servers", async () => {
    const connections = connectApart()
    onTestFinished(() => connections.close())
    const { setMinor } = startService(connections.sql)
    const jobIds = await newJobs()
    const answers = await Promise.all(jobIds.map((jobId) => setMinor(jobId)))
    expect(statuses(answers)).toEqual(Array(WRITERS).fill(200))
    const records = await recordsApart(jobIds)
    expect(records.map(({ jobId }) => jobId).toSorted(ascending)).toEqual(jobIds)
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
    const writes = others.map((jobId, i) => ({ jobId, write: isEven(jobId, i) ? setMinor : beat }))
    // Those of each operation waited behind the first job, and went together.
    expect(await insertsOf(writes, ({ jobId, write }) => write(jobId))).toBeLessThan(
      others.length / 2,
    )
    end.resolve()
    await holder
    expect(statuses(await Promise.all(theirs))).toEqual([200, 200, 200, 200])
  })
})
