import { DatabaseSync } from "node:sqlite"
import { sql } from "drizzle-orm"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { openEngine } from "@spinor/db/sql/open-engine"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { openDatabase } from "../support/database.ts"
import { alice, serviceOn, type Service } from "../support/service.ts"

const BUSY_TIMEOUT = 400

const submit = ({ call }: Service, jobs = 1) =>
  call("POST", "/api/jobs/jdl", { as: alice, body: Array(jobs).fill('JobName = "n"') })

/** The longest that the service took to say that it lives, in milliseconds, until the work was done. */
async function slowestAnswer({ call }: Service, work: Promise<unknown>): Promise<number> {
  let slowest = 0
  const state = { busy: true }
  const end = work.finally(() => (state.busy = false))
  while (state.busy) {
    const begun = performance.now()
    // A turn of the event loop: what stops it counts.
    await new Promise(setImmediate)
    expect((await call("GET", "/api/health/live")).status).toBe(200)
    slowest = Math.max(slowest, performance.now() - begun)
  }
  await end
  return slowest
}

describe("one SQLite file", () => {
  let database: Awaited<ReturnType<typeof openDatabase>>
  let service: Service
  let other: DatabaseSync
  beforeEach(async () => {
    database = await openDatabase("sqlite", { busyTimeout: BUSY_TIMEOUT })
    service = serviceOn(database.sql)
    const { database: file } = parseDatabaseUrl(database.url, "the test's URL")
    other = new DatabaseSync(file)
  })
  afterEach(async () => {
    other.close()
    await database.drop()
  })

  it("takes 20 submissions at once, and the service answers meanwhile", { retry: 2 }, async () => {
    await submit(service)
    const submissions = Promise.all(Array.from({ length: 20 }, () => submit(service, 5)))
    expect(await slowestAnswer(service, submissions)).toBeLessThan(100)
    expect((await submissions).map(({ status }) => status)).toEqual(Array(20).fill(201))
  })

  it("that another process locks is waited for, and the service answers meanwhile", async () => {
    other.exec("BEGIN IMMEDIATE")
    const submission = submit(service)
    let answered = false
    void submission.then(() => (answered = true))
    for (let i = 0; i < 10; i++) await service.call("GET", "/api/health/live")
    expect(answered).toBe(false)
    other.exec("COMMIT")
    expect((await submission).status).toBe(201)
  })

  it("that stays locked is told after the time-out, to all who waited for it", async () => {
    other.exec("BEGIN IMMEDIATE")
    const begun = performance.now()
    const answers = await Promise.all(Array.from({ length: 5 }, () => submit(service)))
    const waited = performance.now() - begun
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 503, body: { detail: "Cannot connect to JobDB" } })
      expect(answer.headers.get("retry-after")).toBe("10")
    }
    expect(waited).toBeGreaterThan(BUSY_TIMEOUT / 2)
    expect(waited).toBeLessThan(BUSY_TIMEOUT * 5)
    other.exec("ROLLBACK")
    expect((await submit(service)).status).toBe(201)
  })

  it("that another process locks is read nevertheless", async () => {
    await submit(service)
    other.exec("BEGIN IMMEDIATE")
    other.exec("update Jobs set JobName = 'uncommitted'")
    const { body } = await service.call("POST", "/api/jobs/search", { as: alice, body: {} })
    expect(body).toMatchObject([{ JobName: "n" }])
    other.exec("ROLLBACK")
  })

  it("keeps its promises on every connection", async () => {
    const engine = await database.engineOf("JobDB")
    for (const use of ["read", "transaction", "transaction"] as const) {
      const pragmas = await engine[use](async (queries) => [
        ...(await queries.run(sql`pragma foreign_keys`)),
        ...(await queries.run(sql`pragma synchronous`)),
        ...(await queries.run(sql`pragma journal_mode`)),
      ])
      expect(pragmas).toEqual([{ foreign_keys: 1 }, { synchronous: 2 }, { journal_mode: "wal" }])
    }
  })

  it("takes NULL for a value where it is the only one of a statement", async () => {
    const engine = await database.engineOf("JobDB")
    const rows = await engine.transaction(async (queries) => {
      await queries.send("create temporary table lone (value text)", [])
      await queries.send("insert into lone values (?)", [null])
      return (await queries.send("select value from lone where ? is null", [null])).rows
    })
    expect(rows).toEqual([[null]])
  })

  it.each(["a.b", "(?i)A.B"])("finds a line break by a dot of a pattern: %s", async (pattern) => {
    const engine = await database.engineOf("JobDB")
    const found = engine.dialect.matches(sql`${"a\nb"}`, pattern)
    const rows = await engine.read((queries) => queries.run(sql`select ${found} as found`))
    expect(rows).toEqual([{ found: 1 }])
  })

  it("takes few patterns at once, or none that are very long: a 400 says so, and nobody waits", async () => {
    await submit(service)
    const regex = (value: string) => ({ parameter: "Owner", operator: "regex", value })
    const asked = (...search: object[]) =>
      service.call("POST", "/api/jobs/search", { as: alice, body: { search } })
    const regexes = (length: number) =>
      Array.from({ length: 90 }, (_, i) => regex(`^alice$|${i}${"x".repeat(length)}`))
    expect((await asked(...regexes(5))).status).toBe(200)
    expect((await asked(...regexes(50))).status).toBe(400)
    expect((await asked(regex("a{1000}".repeat(300)))).status).toBe(400)
  })

  it("promises less on every connection where that is asked for", async () => {
    const parsed = parseDatabaseUrl(database.url, "the test's URL")
    const engine = await openEngine(parsed, { synchronous: "NORMAL" })
    for (const use of ["read", "transaction", "transaction"] as const) {
      const pragmas = await engine[use]((queries) => queries.run(sql`pragma synchronous`))
      expect(pragmas).toEqual([{ synchronous: 1 }])
    }
    await engine.close()
  })
})
