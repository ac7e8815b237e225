import { DatabaseSync } from "node:sqlite"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { sql } from "drizzle-orm"
import { expect, it, onTestFinished } from "vitest"
import { systemClock } from "@spinor/core/instant"
import { connectSql } from "@spinor/db/sql/connections"
import { DATABASES } from "@spinor/db/sql/declared"
import { migrate } from "@spinor/db/sql/migrations/migrate"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { describeEachBackend, freshDatabaseUrl, type Backend } from "../support/backends.ts"
import { freePort } from "../support/free-port.ts"
import { terminal } from "./terminal.ts"

async function freshUrl(backend: Backend): Promise<string> {
  const { url, drop } = await freshDatabaseUrl(backend)
  onTestFinished(drop)
  return url
}

/** What is left to do in a database, as the service's own start sees it. */
async function leftToDo(url: string, names: readonly string[] = DATABASES) {
  const parsed = parseDatabaseUrl(url, "the test's URL")
  const connections = connectSql(() => parsed)
  try {
    return await migrate(await connections.engineOf("JobDB"), names, systemClock)
  } finally {
    await connections.close()
  }
}

describeEachBackend("db migrate", (backend) => {
  it("makes the tables of every database, and finds nothing to do the second time", async () => {
    const url = await freshUrl(backend)
    const { run } = await terminal({ SPINOR_DB_URL: url })
    const first = await run("db migrate")
    expect(first).toMatchObject({ code: 0, err: "" })
    const [place, ...lines] = first.out.trimEnd().split("\n")
    expect(place).toBe(parseDatabaseUrl(url, "").place)
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}JobDB +0000_tables +applied$/))
    expect(new Set(lines.map((line) => line.trim().split(" ")[0]))).toEqual(new Set(DATABASES))
    expect(await leftToDo(url)).toEqual([])

    const second = await run("db migrate")
    expect(second).toMatchObject({ code: 0, err: "" })
    expect(second.out.trimEnd().split("\n").slice(1)).toEqual(
      DATABASES.map((name) => expect.stringMatching(new RegExp(`^ {2}${name} +up to date$`))),
    )
  })

  it("prints what was done to each database as JSON", async () => {
    const url = await freshUrl(backend)
    const { run } = await terminal({ SPINOR_DB_URL: url })
    const json = async () => JSON.parse((await run("db migrate --database TaskQueueDB --json")).out)
    const { place } = parseDatabaseUrl(url, "")
    const row = { database: "TaskQueueDB", place, differences: [] }
    expect(await json()).toContainEqual({ ...row, migration: "0000_tables", outcome: "applied" })
    expect(await json()).toEqual([{ ...row, migration: null, outcome: "up to date" }])
  })

  it("keeps to the databases that are named, in the places of their own", async () => {
    const [jobs, others] = [await freshUrl(backend), await freshUrl(backend)]
    const { run } = await terminal({ DIRACX_DB_URL_JOBDB: jobs, SPINOR_DB_URL: others })
    const { code, out } = await run("db migrate --database JobDB AuthDB")
    expect(code).toBe(0)
    expect(out).toMatch(/ JobDB .*applied\n/)
    expect(out).not.toContain("TaskQueueDB")
    expect(await leftToDo(jobs, ["JobDB"])).toEqual([])
    expect(await leftToDo(others, ["AuthDB"])).toEqual([])
    expect(await leftToDo(others, ["JobDB"])).not.toEqual([])
  })
})

describeEachBackend("db status", (backend) => {
  /** Runs statements past the command, as others do who use the database. */
  const execute = async (url: string, ...statements: string[]) => {
    const parsed = parseDatabaseUrl(url, "the test's URL")
    const connections = connectSql(() => parsed)
    const engine = await connections.engineOf("JobDB")
    for (const statement of statements) {
      await engine.transaction((db) => db.run(sql.raw(statement)))
    }
    await connections.close()
  }

  it("tells what is pending, and makes nothing", async () => {
    const url = await freshUrl(backend)
    const { run } = await terminal({ SPINOR_DB_URL: url })
    const { code, out, err } = await run("db status --database JobDB TaskQueueDB")
    expect({ code, err }).toEqual({
      code: 1,
      err: "error: not up to date: JobDB, TaskQueueDB; run spinor db migrate\n",
    })
    const [head, first] = out.split("\n")
    expect(head).toMatch(/^database +place +migration +state +since$/)
    const { place } = parseDatabaseUrl(url, "")
    expect(first?.split(/ {2,}/)).toEqual(["JobDB", place, "0000_tables", "pending"])
    expect(await leftToDo(url, ["TaskQueueDB"])).not.toEqual([])
  })

  it("says since when the migrations are applied, and ends with 0 when all are", async () => {
    const url = await freshUrl(backend)
    const { run } = await terminal({ SPINOR_DB_URL: url })
    await run("db migrate")
    const { code, out, err } = await run("db status --json")
    expect({ code, err }).toEqual({ code: 0, err: "" })
    const rows: { database: string; state: string; at: string }[] = JSON.parse(out)
    expect(new Set(rows.map(({ database }) => database))).toEqual(new Set(DATABASES))
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(["applied"]))
    expect(rows[0]?.at).toMatch(/^2026-11-21T08:00:00/)
  })

  it("tells of a migration that was interrupted, and of one that a newer Spinor made", async () => {
    const url = await freshUrl(backend)
    const { run } = await terminal({ SPINOR_DB_URL: url })
    await run("db migrate")
    await execute(
      url,
      "update spinor_migrations set Outcome = 'begun' where DatabaseName = 'AuthDB' and Name like '0001%'",
      "insert into spinor_migrations (DatabaseName, Name, AppliedAt) values ('JobDB', '0099_later', '2027')",
    )
    const begun = await run("db status --database AuthDB")
    expect(begun.code).toBe(1)
    expect(begun.out).toMatch(/AuthDB .* 0001_spinor_additions +begun /)
    const newer = await run("db status")
    expect(newer).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /^error: a newer Spinor has changed the tables \(JobDB 0099_later\): .*\n$/,
      ),
    })
    expect(newer.out).toMatch(/JobDB .* 0099_later +unknown +2027\n/)
    expect(await run("db migrate --database JobDB")).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringMatching(
        /JobDB\): a newer Spinor has changed the tables \(JobDB 0099_later\)/,
      ),
    })
  })
})

it("prints how adopted tables differ", async () => {
  const url = await freshUrl("sqlite")
  const { run } = await terminal({ SPINOR_DB_URL: url })
  await run("db migrate --database TaskQueueDB")
  const file = new DatabaseSync(parseDatabaseUrl(url, "").database)
  file.exec("drop table spinor_migrations")
  file.exec("drop index tq_Jobs_spinor_JobId")
  file.exec("alter table tq_Jobs add column Note text")
  file.close()
  const { code, out } = await run("db migrate --database TaskQueueDB")
  expect({ code, lines: out.trimEnd().split("\n").slice(1) }).toEqual({
    code: 0,
    lines: [
      "  TaskQueueDB  0000_tables          adopted",
      "    tq_Jobs.Note is not known",
      "  TaskQueueDB  0001_spinor_indexes  applied",
    ],
  })
  const status = await run("db status --database TaskQueueDB")
  expect(status).toMatchObject({ code: 0, out: expect.stringMatching(/0000_tables +adopted/) })
})

it("names every variable that is not set", async () => {
  const { run } = await terminal({ DIRACX_DB_URL_JOBDB: "sqlite+aiosqlite:///:memory:" })
  const { code, out, err } = await run("db migrate --database JobDB AuthDB JobLoggingDB")
  expect({ code, out, err }).toEqual({
    code: 1,
    out: "",
    err: "error: not set: DIRACX_DB_URL_AUTHDB (or SPINOR_DB_URL), DIRACX_DB_URL_JOBLOGGINGDB (or SPINOR_DB_URL)\n",
  })
})

it.each([
  [
    "oracle://scott:tiger@db.example.org/orcl",
    /^error: SPINOR_DB_URL: no driver for the scheme.*\n$/,
  ],
  ["mysql+aiomysql://user:tiger@db.example.org:99999/jobs", /^error: SPINOR_DB_URL: the port.*\n$/],
  [
    "mysql+aiomysql://user@db.example.org/jobs",
    /^error: SPINOR_DB_URL: the password is empty.*\n$/,
  ],
])("refuses %s in one line, without its secret", async (url, line) => {
  const { run } = await terminal({ SPINOR_DB_URL: url })
  const { code, out, err } = await run("db migrate")
  expect({ code, out }).toEqual({ code: 1, out: "" })
  expect(err).toMatch(line)
  expect(err).not.toContain("tiger")
})

it("refuses a setting that cannot be used", async () => {
  const { run } = await terminal({ SPINOR_DB_CONNECT_TIMEOUT: "soon" })
  expect(await run("db migrate")).toEqual({
    code: 1,
    out: "",
    err: "error: SPINOR_DB_CONNECT_TIMEOUT is not a whole number\n",
  })
})

it.each(["mysql+aiomysql", "postgresql+asyncpg"])(
  "tells in one line that %s cannot be reached",
  async (scheme) => {
    const place = `127.0.0.1:${await freePort()}`
    const { run } = await terminal({ SPINOR_DB_URL: `${scheme}://user:tiger@${place}/jobs` })
    const { code, out, err } = await run("db migrate --database JobDB")
    expect({ code, out }).toEqual({ code: 1, out: "" })
    expect(err).toMatch(new RegExp(`^error: \\w+://${place}/jobs \\(JobDB\\): .*ECONNREFUSED.*\n$`))
    expect(err).not.toContain("tiger")
  },
)

it("tells in one line that a SQLite file cannot be made", async () => {
  const file = join(tmpdir(), "spinor-absent-folder/jobs.db")
  const { run } = await terminal({ SPINOR_DB_URL: `sqlite+aiosqlite:///${file}` })
  expect(await run("db migrate --database JobDB")).toEqual({
    code: 1,
    out: "",
    err: `error: sqlite:${file} (JobDB): SQLITE_CANTOPEN unable to open database file\n`,
  })
})

it("leaves a database alone that holds only some of its tables", async () => {
  const url = await freshUrl("sqlite")
  const parsed = parseDatabaseUrl(url, "the test's URL")
  const file = new DatabaseSync(parsed.database)
  file.exec("create table Jobs (JobID integer primary key)")
  file.close()
  const { run } = await terminal({ SPINOR_DB_URL: url })
  const { code, err } = await run("db migrate --database JobDB")
  expect(code).toBe(1)
  expect(err).toMatch(
    /^error: sqlite:.* \(JobDB\): JobDB has tables that cannot be adopted: the table JobJDLs is missing; .*\n$/,
  )
})
