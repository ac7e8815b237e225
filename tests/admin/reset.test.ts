import { sql } from "drizzle-orm"
import { expect, it, onTestFinished } from "vitest"
import { DATABASES } from "@spinor/db/sql/declared"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { describeEachBackend, type Backend } from "../support/backends.ts"
import { contentsOf } from "../support/contents.ts"
import { openDatabase } from "../support/database.ts"
import { generateRows } from "../support/generated-rows.ts"
import { choices } from "../support/random.ts"
import { alice, serviceOn } from "../support/service.ts"
import { storeJobs } from "../support/stored-jobs.ts"
import { terminal } from "./terminal.ts"

/** A database with two rows a table, and one of somebody else's. */
async function filled(backend: Backend) {
  const database = await openDatabase(backend)
  onTestFinished(() => database.drop())
  const engine = await database.engineOf("JobDB")
  // Ids have been given.
  await storeJobs(database.sql, [{}, {}, {}])
  await engine.transaction(async (db) => {
    await db.run(sql`delete from ${sql.identifier("JobJDLs")}`)
    await db.run(sql`create table elsewhere (id int not null primary key)`)
    await db.run(sql`insert into elsewhere values (1)`)
  })
  await generateRows(engine, { databases: DATABASES, rows: 2, microseconds: false }, choices(1))
  return { database, ...(await terminal({ SPINOR_DB_URL: database.url })) }
}

const JOBS = ["JobDB", "JobLoggingDB", "TaskQueueDB"]

describeEachBackend("db reset", (backend) => {
  it("counts the rows of every table, and changes nothing", async () => {
    const { database, run } = await filled(backend)
    const before = await contentsOf(database)
    const { code, out, err } = await run("db reset --mode drop --database JobDB JobLoggingDB")
    expect({ code, err }).toEqual({ code: 0, err: "" })
    const [place, ...lines] = out.trimEnd().split("\n")
    expect(place).toBe(parseDatabaseUrl(database.url, "the test's URL").place)
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}JobDB +Jobs +2 rows$/))
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}JobLoggingDB +LoggingInfo +2 rows$/))
    expect(lines).toHaveLength(12)
    expect(lines.at(-1)).toMatch(/^Nothing was changed/)
    expect(await contentsOf(database)).toEqual(before)
  })

  it.each(["truncate", "drop"])(
    "does %s to the named databases, and to no others",
    async (mode) => {
      const { database, run } = await filled(backend)
      const before = await contentsOf(database)
      const { code, out, err } = await run(
        `db reset --mode ${mode} --yes --json --database ${JOBS.join(" ")}`,
      )
      expect({ code, err }).toEqual({ code: 0, err: "" })
      const { done, tables } = JSON.parse(out)
      expect(done).toBe(mode)
      expect(tables).toContainEqual({
        place: parseDatabaseUrl(database.url, "the test's URL").place,
        database: "JobDB",
        table: "Jobs",
        rows: 2,
      })
      const names: string[] = tables.map(({ table }: { table: string }) => table)
      const after = await contentsOf(database)
      const others = Object.keys(before).filter(
        (name) => !names.includes(name) && !/^(sqlite|spinor_(migrations|leases))/.test(name),
      )
      expect(others).toEqual(expect.arrayContaining(["elsewhere", "RefreshTokens", "PilotAgents"]))
      for (const name of others) expect([name, after[name]]).toEqual([name, before[name]])
      for (const name of names) expect(after[name]).toEqual(mode === "drop" ? undefined : [])
      expect(before["spinor_migrations"]?.filter((row) => !isOf(JOBS, row))).toEqual(
        after["spinor_migrations"]?.filter((row) => !isOf(JOBS, row)),
      )

      const again = await run("db migrate --database JobDB --json")
      const outcomes = JSON.parse(again.out).map(({ outcome }: { outcome: string }) => outcome)
      expect(new Set(outcomes)).toEqual(new Set([mode === "drop" ? "applied" : "up to date"]))
      await run("db migrate")
      const body = ['Executable = "echo";']
      const answer = await serviceOn(database.sql).call("POST", "/api/jobs/jdl", {
        as: alice,
        body,
      })
      expect(answer).toMatchObject({ status: 201, body: [{ JobID: 1 }] })
    },
  )

  it("resets all databases, twice", async () => {
    const { database, run } = await filled(backend)
    const command = `db reset --mode drop --yes --database ${DATABASES.join(" ")}`
    expect(await run(command)).toMatchObject({ code: 0, err: "" })
    const second = await run(command)
    expect(second).toMatchObject({ code: 0, err: "" })
    expect(second.out).toMatch(/ JobDB +Jobs +absent\n/)
    expect(await run("db migrate")).toMatchObject({ code: 0, err: "" })
    expect((await contentsOf(database))["elsewhere"]).toEqual([
      expect.stringMatching(/^\{"id":"?1"?\}$/),
    ])
  })
})

const isOf = (databases: readonly string[], row: string) =>
  databases.some((name) => new RegExp(`["']${name}["']`).test(row))

it("db reset --yes wants the databases named", async () => {
  const { run } = await terminal({ SPINOR_DB_URL: "sqlite+aiosqlite:///:memory:" })
  expect(await run("db reset --yes")).toEqual({
    code: 1,
    out: "",
    err: "error: --yes is for the databases that --database names: name them\n",
  })
})
