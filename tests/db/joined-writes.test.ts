import { describe, expect, it, onTestFinished, vi } from "vitest"
import { InvalidRequestError, UnavailableError } from "@spinor/core/errors"
import { instant } from "@spinor/core/instant"
import { JobLoggingDB } from "@spinor/db/sql/job-logging/job-logging-db"
import { JobDB } from "@spinor/db/sql/job/job-db"
import { JoinedWrites } from "@spinor/db/sql/units/joined-writes"
import { describeEachDialect } from "../support/backends.ts"
import { useDatabase } from "../support/database.ts"
import { admin, alice, bob, serviceOn, type Caller } from "../support/service.ts"
import { storeJobs } from "../support/stored-jobs.ts"

const AT = "2026-01-01T00:00:00Z"
/** As many writers as there are jobs, all at the same time. */
const WRITERS = 20

describeEachDialect("clients who write to different jobs at the same time", (backend) => {
  const INSERT = /insert into .(LoggingInfo|HeartBeatLoggingInfo)/i
  let inserts = 0
  const database = useDatabase(backend, {
    onStatement: (text) => INSERT.test(text) && inserts++,
  })
  const startService = () => {
    const service = serviceOn(database.sql)
    const patch = (path: string, body: unknown, as: Caller) =>
      service.call("PATCH", `/api/jobs/${path}`, { as, body })
    return {
      setMinor: (jobId: number, as: Caller = alice, minor = `of ${jobId}`) =>
        patch("status", { [jobId]: { [AT]: { MinorStatus: minor } } }, as),
      beat: (jobId: number, as: Caller = alice) =>
        patch("heartbeat", { [jobId]: { LoadAverage: jobId } }, as),
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
  const statuses = (answers: readonly { status: number }[]) => answers.map(({ status }) => status)
  const isEven = (_: unknown, i: number) => i % 2 === 0

  it("share units of work for status updates", async () => {
    const { setMinor } = startService()
    const jobIds = await newJobs()
    inserts = 0
    const answers = await Promise.all(jobIds.map((jobId) => setMinor(jobId)))
    expect(statuses(answers)).toEqual(Array(WRITERS).fill(200))
    expect(inserts).toBeLessThan(WRITERS / 2)
    expect(await minorsOf(jobIds)).toEqual(jobIds.map((jobId) => `of ${jobId}`))
    const records = await database.sql.read({ logging: JobLoggingDB }, ({ logging }) =>
      logging.records(jobIds),
    )
    expect(records.map(({ seqNum }) => seqNum)).toEqual(Array(WRITERS).fill(1))
  })

  it("share units of work for heartbeats", async () => {
    const { beat } = startService()
    const jobIds = await newJobs()
    inserts = 0
    const answers = await Promise.all(jobIds.map((jobId) => beat(jobId)))
    expect(statuses(answers)).toEqual(Array(WRITERS).fill(200))
    expect(inserts).toBeLessThan(WRITERS / 2)
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

  it("hear by themselves that the database cannot hold what they write", async () => {
    const { setMinor } = startService()
    const jobIds = await newJobs()
    const long = "m".repeat(1000)
    const alone = await setMinor(jobIds[0] ?? 0, alice, long)
    const answers = await Promise.all(
      jobIds.map((jobId, i) => setMinor(jobId, alice, isEven(jobId, i) ? long : "short")),
    )
    expect(statuses(answers)).toEqual(jobIds.map((_, i) => (isEven(_, i) ? alone.status : 200)))
  })

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

  // A file has one lock.
  it.skipIf(backend === "sqlite")("do not wait for a job that somebody has locked", async () => {
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
    expect(inserts).toBe(2)
    end.resolve()
    await holder
    expect(statuses(await Promise.all(theirs))).toEqual([200, 200, 200, 200])
  })
})

describe("joined writes", () => {
  const deps = {}

  /** Writes whose units of work end when they are told to; of those that are left out the name begins with "out". */
  const startWrites = () => {
    const joined = new JoinedWrites<string, string>()
    const units: { calls: readonly string[]; end: PromiseWithResolvers<void> }[] = []
    const run = async (calls: readonly string[]) => {
      const end = Promise.withResolvers<void>()
      units.push({ calls, end })
      await end.promise
    }
    const alone = async (call: string) => {
      await run([call])
      return `${call} alone`
    }
    const together = async (calls: readonly string[]) => {
      await run(calls)
      const served = calls.filter((call) => !call.startsWith("out"))
      return new Map(served.map((call) => [call, `${call} together`]))
    }
    return {
      write: (call: string, rows: readonly number[], those: object = deps) =>
        joined.write(those, { call, rows, alone: () => alone(call), together }),
      calls: () => units.map(({ calls }) => calls),
      end: (unit: number) => units[unit]?.end.resolve(),
      fail: (unit: number, error: Error) => units[unit]?.end.reject(error),
    }
  }

  it("wait together while one is under way", async () => {
    const { write, calls, end } = startWrites()
    const writes = [write("a", [1]), write("b", [2]), write("c", [3])]
    expect(calls()).toEqual([["a"]])
    end(0)
    await vi.waitFor(() => expect(calls()).toEqual([["a"], ["b", "c"]]))
    end(1)
    expect(await Promise.all(writes)).toEqual(["a alone", "b together", "c together"])
  })

  it("that were left out are carried out alone", async () => {
    const { write, calls, end } = startWrites()
    const writes = [write("a", [1]), write("out", [2]), write("c", [3])]
    end(0)
    await vi.waitFor(() => expect(calls()).toHaveLength(2))
    end(1)
    await vi.waitFor(() => expect(calls()).toEqual([["a"], ["out", "c"], ["out"]]))
    end(2)
    expect(await Promise.all(writes)).toEqual(["a alone", "out alone", "c together"])
  })

  it("of the same row do not wait for each other", () => {
    const { write, calls } = startWrites()
    void write("a", [1])
    void write("b", [2])
    void write("c", [3, 2])
    expect(calls()).toEqual([["a"], ["c"]])
  })

  it("of many rows do not wait, and nobody waits for them", () => {
    const { write, calls } = startWrites()
    const many = Array.from({ length: 101 }, (_, i) => i)
    void write("many", many)
    void write("a", [1])
    void write("many too", many)
    expect(calls()).toEqual([["many"], ["a"], ["many too"]])
  })

  it("that no unit has room for go alone", () => {
    const { write, calls } = startWrites()
    const rows = (first: number) => Array.from({ length: 60 }, (_, i) => first + i)
    void write("a", [0])
    void write("b", rows(1))
    void write("c", rows(100))
    expect(calls()).toEqual([["a"], ["c"]])
  })

  it("of others do not wait", () => {
    const { write, calls } = startWrites()
    void write("a", [1])
    void write("b", [2], {})
    expect(calls()).toEqual([["a"], ["b"]])
  })

  it("wait no longer than a moment for one that hangs", async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { write, calls, end } = startWrites()
    void write("a", [1])
    const waiting = write("b", [2])
    await vi.advanceTimersByTimeAsync(100)
    expect(calls()).toEqual([["a"], ["b"]])
    end(1)
    expect(await waiting).toBe("b together")
  })

  it("begin no other unit when one that hung ends", async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { write, calls, end } = startWrites()
    const hanging = write("a", [1])
    void write("b", [2])
    await vi.advanceTimersByTimeAsync(100)
    void write("c", [3])
    end(0)
    await hanging
    expect(calls()).toEqual([["a"], ["b"]])
  })

  it("do not wait when all have ended", async () => {
    const { write, calls, end } = startWrites()
    const writes = [write("a", [1]), write("b", [2])]
    end(0)
    await vi.waitFor(() => expect(calls()).toHaveLength(2))
    end(1)
    await Promise.all(writes)
    void write("c", [3])
    expect(calls()).toEqual([["a"], ["b"], ["c"]])
  })

  it("that a database refuses together are carried out by themselves", async () => {
    const { write, calls, end, fail } = startWrites()
    const writes = [write("a", [1]), write("b", [2]), write("c", [3])]
    end(0)
    await vi.waitFor(() => expect(calls()).toHaveLength(2))
    fail(1, new InvalidRequestError("The database cannot hold or compare a value"))
    await vi.waitFor(() => expect(calls()).toEqual([["a"], ["b", "c"], ["b"], ["c"]]))
    end(2)
    fail(3, new InvalidRequestError("The database cannot hold or compare a value"))
    const outcomes = await Promise.allSettled(writes)
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"])
  })

  it("are not repeated when the database may have committed them", async () => {
    const { write, calls, end, fail } = startWrites()
    const writes = [write("a", [1]), write("b", [2]), write("c", [3])]
    end(0)
    await vi.waitFor(() => expect(calls()).toHaveLength(2))
    fail(1, new UnavailableError("Cannot connect to JobDB"))
    const outcomes = await Promise.allSettled(writes)
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"])
    expect(calls()).toHaveLength(2)
  })
})
