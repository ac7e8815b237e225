import { setImmediate } from "node:timers/promises"
import { DatabaseSync } from "node:sqlite"
import { sql } from "drizzle-orm"
import { describe, expect, it, onTestFinished } from "vitest"
import { DeadlineError } from "@spinor/core/errors"
import { connectSql } from "@spinor/db/sql/connections"
import { JobDB } from "@spinor/db/sql/job/job-db"
import type { SqlDatabases } from "@spinor/db/sql/unit-of-work"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import {
  describeEachBackend,
  dialectOf,
  freshDatabaseUrl,
  runsHere,
  type Backend,
} from "../support/backends.ts"
import { useDatabase } from "../support/database.ts"
import { storeJobs } from "../support/stored-jobs.ts"

/** Of a statement that a dialect's server takes for contention. */
const CONTENTION = { mysql: "ER_LOCK_DEADLOCK", postgresql: "40P01", sqlite: "SQLITE_BUSY" }

class WatchedJobs extends JobDB {
  async connection(): Promise<number> {
    const id =
      this.dialect.name === "mysql"
        ? sql`select connection_id() as id`
        : sql`select pg_backend_pid() as id`
    const [row] = await this.db.run(id)
    return Number(row?.["id"])
  }

  async site(jobId: number): Promise<string | undefined> {
    const { jobs } = this.tables
    const rows = await this.db
      .select({ site: jobs.site })
      .from(jobs)
      .where(this.dialect.isOneOf(jobs.jobId, [jobId]))
    return rows[0]?.site
  }
}

const wanted = { jobs: WatchedJobs }
const siteOf = (databases: SqlDatabases, jobId: number) =>
  databases.read(wanted, ({ jobs }) => jobs.site(jobId))
const moveTo = (site: string, jobId: number) => new Map([[jobId, { site }]])

/** A database of the suite's own, with one connection to it besides those of the tests. */
function useJobs(backend: Backend) {
  const database = useDatabase(backend)
  return {
    database,
    /** As a function has it. */
    connected: () => {
      const url = parseDatabaseUrl(database.url, "the test's URL")
      const connections = connectSql(() => url, { poolSize: 1 })
      onTestFinished(() => connections.close())
      return connections.sql
    },
    newJob: async () => (await storeJobs(database.sql, [{ site: "before" }]))[0] ?? 0,
    /** Locks a job until it is told to let go. */
    locked: async (jobId: number) => {
      const [holds, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const unit = database.sql.write({ jobs: JobDB }, async ({ jobs }) => {
        await jobs.lockJobs([jobId])
        holds.resolve()
        await letGo.promise
      })
      await holds.promise
      return async () => {
        letGo.resolve()
        await unit
      }
    },
  }
}

describeEachBackend("a unit of work under a signal", (backend) => {
  const { database, connected, newJob } = useJobs(backend)

  it("does not begin after it", async () => {
    const databases = connected().until(AbortSignal.abort())
    let runs = 0
    const work = async () => void runs++
    await expect(databases.read(wanted, work)).rejects.toThrow(DeadlineError)
    await expect(databases.write(wanted, work)).rejects.toThrow(DeadlineError)
    expect(runs).toBe(0)
  })

  it("is broken off while it waits for something else, and writes nothing afterwards", async () => {
    const databases = connected()
    const jobId = await newJob()
    const stop = new AbortController()
    const [begun, other] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const late = Promise.withResolvers<unknown>()
    const unit = databases.until(stop.signal).write(wanted, async ({ jobs }) => {
      await jobs.updateJobs(moveTo("first", jobId))
      begun.resolve()
      await other.promise
      await jobs.updateJobs(moveTo("second", jobId)).then(late.resolve, late.reject)
    })
    await begun.promise
    stop.abort()
    await expect(unit).rejects.toThrow(new DeadlineError())
    expect(await siteOf(databases, jobId)).toBe("before")
    other.resolve()
    await expect(late.promise).rejects.toThrow()
    expect(await siteOf(database.sql, jobId)).toBe("before")
  })

  it("is not run again after it", async () => {
    const stop = new AbortController()
    let runs = 0
    const unit = connected()
      .until(stop.signal)
      .write(wanted, async () => {
        if (++runs === 2) stop.abort()
        throw Object.assign(new Error("in the way"), { code: CONTENTION[dialectOf(backend)] })
      })
    await expect(unit).rejects.toThrow(DeadlineError)
    expect(runs).toBe(2)
  })

  it("leaves the queue for a connection, whose holder goes on", async () => {
    const databases = connected()
    const stop = new AbortController()
    const holds = Promise.withResolvers<void>()
    const holder = databases.write(wanted, () => holds.promise)
    await setImmediate()
    const waiting = databases.until(stop.signal).write(wanted, async () => undefined)
    await setImmediate()
    stop.abort()
    // HTTP has no such queue.
    if (backend !== "planetscale") await expect(waiting).rejects.toThrow(DeadlineError)
    await waiting.catch(() => undefined)
    holds.resolve()
    await holder
    expect(await databases.write(wanted, async () => "next")).toBe("next")
  })

  // A file is committed to in one go.
  it.skipIf(backend === "sqlite")("goes to its end once it commits", async () => {
    const databases = connected()
    const jobId = await newJob()
    const stop = new AbortController()
    const unit = databases.until(stop.signal).write(wanted, async ({ jobs }, afterCommit) => {
      await jobs.updateJobs(moveTo("after", jobId))
      // Nothing is left to be sent with the commit.
      await jobs.lockJobs([jobId])
      // Nobody waits for it: the answer is there.
      afterCommit(() => new Promise(() => {}))
      queueMicrotask(() => process.nextTick(() => stop.abort()))
      return "committed"
    })
    await expect(unit).resolves.toBe("committed")
    expect(stop.signal.aborted).toBe(true)
    expect(await siteOf(databases, jobId)).toBe("after")
  })

  it("tells why it failed, when it failed by itself", async () => {
    const stop = new AbortController()
    const unit = connected()
      .until(stop.signal)
      .read(wanted, async () => {
        throw new Error("its own")
      })
    await expect(unit).rejects.toThrow("its own")
  })
})

describe.each((["mysql", "postgresql", "planetscale"] as const).filter(runsHere))(
  "a statement that waits for a lock on %s",
  (backend) => {
    const { database, connected, newJob, locked } = useJobs(backend)

    it("is broken off in time; nothing of its unit is kept, and the next one works", async () => {
      const databases = connected()
      const [one, other] = [await newJob(), await newJob()]
      const letGo = await locked(other)
      const signal = AbortSignal.timeout(300)
      const began = performance.now()
      const unit = databases.until(signal).write(wanted, async ({ jobs }) => {
        await jobs.updateJobs(moveTo("after", one))
        await jobs.updateJobs(moveTo("after", other))
      })
      await expect(unit).rejects.toThrow(new DeadlineError())
      expect(performance.now() - began).toBeLessThan(1500)
      // Before the lock is let go, as in the container's next request.
      expect(await databases.write(wanted, ({ jobs }) => jobs.site(one))).toBe("before")
      await letGo()
      await database.sql.write({ jobs: JobDB }, ({ jobs }) => jobs.lockJobs([one, other]))
      expect([await siteOf(databases, one), await siteOf(databases, other)]).toEqual([
        "before",
        "before",
      ])
    })

    it.skipIf(backend === "planetscale")("takes its connection with it", async () => {
      const databases = connected()
      const jobId = await newJob()
      const letGo = await locked(jobId)
      const connection = () => databases.read(wanted, ({ jobs }) => jobs.connection())
      const first = await connection()
      expect(await connection()).toBe(first)
      const reading = databases
        .until(AbortSignal.timeout(200))
        .write(wanted, ({ jobs }) => jobs.lockJobs([jobId]))
      await expect(reading).rejects.toThrow(DeadlineError)
      expect(await connection()).not.toBe(first)
      await letGo()
    })
  },
)

it("a SQLite file that another process has locked is waited for no longer", async () => {
  const { url, drop } = await freshDatabaseUrl("sqlite")
  const parsed = parseDatabaseUrl(url, "the test's URL")
  const connections = connectSql(() => parsed)
  const other = new DatabaseSync(parsed.database)
  onTestFinished(async () => {
    other.close()
    await connections.close()
    await drop()
  })
  other.exec("BEGIN IMMEDIATE")
  const began = performance.now()
  const databases = connections.sql.until(AbortSignal.timeout(200))
  await expect(databases.write(wanted, async () => undefined)).rejects.toThrow(DeadlineError)
  expect(performance.now() - began).toBeLessThan(1500)
  other.exec("ROLLBACK")
  expect(await connections.sql.write(wanted, async () => "next")).toBe("next")
})
