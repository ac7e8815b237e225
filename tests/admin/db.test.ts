import { tmpdir } from "node:os"
import { join } from "node:path"
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
    const row = { database: "TaskQueueDB", place: parseDatabaseUrl(url, "").place }
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
    err: `error: sqlite:${file} (JobDB): cannot be opened\n`,
  })
})

it("leaves a database alone that holds only some of its tables", async () => {
  const url = await freshUrl("sqlite")
  const parsed = parseDatabaseUrl(url, "the test's URL")
  const { createClient } = await import("@libsql/client/sqlite3")
  const client = createClient({ url: `file:${parsed.database}` })
  await client.execute("create table Jobs (JobID integer primary key)")
  client.close()
  const { run } = await terminal({ SPINOR_DB_URL: url })
  const { code, err } = await run("db migrate --database JobDB")
  expect(code).toBe(1)
  expect(err).toMatch(
    /^error: sqlite:.* \(JobDB\): JobDB holds some of its tables, but lacks .*\n$/,
  )
})
