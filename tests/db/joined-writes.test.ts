import { describe, expect, it, onTestFinished, vi } from "vitest"
import { InvalidRequestError, UnavailableError } from "@spinor/core/errors"
import { instant } from "@spinor/core/instant"
import { JobLoggingDB } from "@spinor/db/sql/job-logging/job-logging-db"
import { JobDB } from "@spinor/db/sql/job/job-db"
import type { SqlDatabases } from "@spinor/db/sql/unit-of-work"
import { JoinedWrites } from "@spinor/db/sql/units/joined-writes"
import { describeEachDialect } from "../support/backends.ts"
import { useDatabase } from "../support/database.ts"
import { admin, alice, bob, serviceOn } from "../support/service.ts"
import { storeJobs } from "../support/stored-jobs.ts"

const AT = "2026-01-01T00:00:00Z"

describeEachDialect("clients who write to different jobs at the same time", (backend) => {
  let inserts = 0
  const database = useDatabase(backend, {
    onStatement: (text) =>
      /insert into .(LoggingInfo|HeartBeatLoggingInfo)/i.test(text) && inserts++,
  })
  const newJobs = (count: number) =>
    storeJobs(
      database.sql,
      Array.from({ length: count }, () => ({})),
    )
  const patch = (path: string, body: unknown, as = alice) =>
    serviceOn(database.sql).call("PATCH", `/api/jobs/${path}`, { as, body })
  const setMinor = (jobId: number, as = alice) =>
    patch("status", { [jobId]: { [AT]: { MinorStatus: `of ${jobId}`, Source: "T" } } }, as)
  const beat = (jobId: number, as = alice) =>
    patch("heartbeat", { [jobId]: { LoadAverage: jobId } }, as)
  const minorsOf = (jobIds: readonly number[]) =>
    database.sql.read({ jobs: JobDB }, async ({ jobs }) => {
      const locked = await jobs.lockJobs(jobIds)
      return locked.map(({ minorStatus }) => minorStatus)
    })
  const statuses = (answers: readonly { status: number }[]) => answers.map(({ status }) => status)

  it("share a unit of work", async () => {
    const jobIds = await newJobs(20)
    inserts = 0
    const answers = await Promise.all(jobIds.map((jobId) => setMinor(jobId)))
    expect(statuses(answers)).toEqual(Array(20).fill(200))
    expect(inserts).toBeLessThan(20)
    expect(await minorsOf(jobIds)).toEqual(jobIds.map((jobId) => `of ${jobId}`))
    const records = await database.sql.read({ logging: JobLoggingDB }, ({ logging }) =>
      logging.records(jobIds),
    )
    expect(records.map(({ seqNum }) => seqNum)).toEqual(Array(20).fill(1))
  })

  it("are told of their own jobs", async () => {
    const jobIds = await newJobs(20)
    const answers = await Promise.all(jobIds.map((jobId) => setMinor(jobId)))
    for (const [i, { body }] of answers.entries()) {
      expect(Object.keys(body.success)).toEqual([String(jobIds[i])])
      expect(body.failed).toEqual({})
    }
  })

  it("are refused by themselves, and nothing of theirs is written", async () => {
    const jobIds = await newJobs(20)
    const answers = await Promise.all(
      jobIds.map((jobId, i) => setMinor(jobId, i % 2 === 0 ? alice : bob)),
    )
    expect(statuses(answers)).toEqual(jobIds.map((_, i) => (i % 2 === 0 ? 200 : 403)))
    const minors = await minorsOf(jobIds)
    expect(minors).toEqual(jobIds.map((jobId, i) => (i % 2 === 0 ? `of ${jobId}` : "Job accepted")))
  })

  it("hear of jobs that are not there, when it is they who asked", async () => {
    const jobIds = await newJobs(10)
    const missing = jobIds.map((jobId) => jobId + 1_000_000)
    const asked = jobIds.flatMap((jobId, i) => [jobId, missing[i] ?? 0])
    const answers = await Promise.all(asked.map((jobId) => setMinor(jobId, admin)))
    expect(statuses(answers)).toEqual(asked.map((_, i) => (i % 2 === 0 ? 200 : 404)))
    const beats = await Promise.all(asked.map((jobId) => beat(jobId, admin)))
    expect(statuses(beats)).toEqual(asked.map((_, i) => (i % 2 === 0 ? 200 : 404)))
  })

  it("fetch the commands to their own jobs, and nobody who is refused fetches any", async () => {
    const jobIds = await newJobs(20)
    await database.sql.write({ jobs: JobDB }, ({ jobs }) => jobs.commandKill(jobIds, instant(AT)))
    const answers = await Promise.all(
      jobIds.map((jobId, i) => beat(jobId, i % 2 === 0 ? alice : bob)),
    )
    for (const [i, { status, body }] of answers.entries()) {
      if (i % 2 === 1) expect(status).toBe(403)
      else expect(body).toEqual([{ job_id: jobIds[i], command: "Kill", arguments: "" }])
    }
    const again = await Promise.all(jobIds.map((jobId) => beat(jobId)))
    expect(again.map(({ body }) => body.length)).toEqual(jobIds.map((_, i) => i % 2))
  })

  it("share heartbeats", async () => {
    const jobIds = await newJobs(20)
    inserts = 0
    const answers = await Promise.all(jobIds.map((jobId) => beat(jobId)))
    expect(statuses(answers)).toEqual(Array(20).fill(200))
    expect(inserts).toBeLessThan(20)
  })
})

describe("joined writes", () => {
  const sql = {} as SqlDatabases

  /** Writes whose units of work end when they are told to. */
  const startWrites = () => {
    const joined = new JoinedWrites<string, string>()
    const units: { calls: readonly string[]; end: PromiseWithResolvers<void> }[] = []
    const carryOut = async (calls: readonly string[]) => {
      const end = Promise.withResolvers<void>()
      units.push({ calls, end })
      await end.promise
      return (call: string) => `done ${call}`
    }
    return {
      write: (call: string, rows: readonly number[], databases = sql) =>
        joined.write(databases, call, rows, carryOut),
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
    expect(await Promise.all(writes)).toEqual(["done a", "done b", "done c"])
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

  it("on other databases do not wait", () => {
    const { write, calls } = startWrites()
    void write("a", [1])
    void write("b", [2], {} as SqlDatabases)
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
    expect(await waiting).toBe("done b")
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

  it("that a database refuses together are carried out by themselves", async () => {
    const { write, calls, end, fail } = startWrites()
    const first = write("a", [1])
    const writes = [write("b", [2]), write("c", [3])]
    end(0)
    await first
    await vi.waitFor(() => expect(calls()).toHaveLength(2))
    fail(1, new InvalidRequestError("The database cannot hold or compare a value"))
    await vi.waitFor(() => expect(calls()).toEqual([["a"], ["b", "c"], ["b"], ["c"]]))
    end(2)
    fail(3, new InvalidRequestError("The database cannot hold or compare a value"))
    expect((await Promise.allSettled(writes)).map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
    ])
  })

  it("are not repeated when the database may have committed them", async () => {
    const { write, calls, end, fail } = startWrites()
    const first = write("a", [1])
    const writes = [write("b", [2]), write("c", [3])]
    end(0)
    await first
    await vi.waitFor(() => expect(calls()).toHaveLength(2))
    fail(1, new UnavailableError("Cannot connect to JobDB"))
    for (const outcome of await Promise.allSettled(writes)) expect(outcome.status).toBe("rejected")
    expect(calls()).toHaveLength(2)
  })
})
