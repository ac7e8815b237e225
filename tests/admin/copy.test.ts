import { sql } from "drizzle-orm"
import { expect, it, onTestFinished, vi } from "vitest"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { place, run, start } from "../cli/cli.ts"
import { runsHere } from "../support/backends.ts"
import { openDatabase } from "../support/database.ts"
import { freePort } from "../support/free-port.ts"
import { logMany } from "../support/generated-rows.ts"
import { storeJobs } from "../support/stored-jobs.ts"
import { terminal } from "./terminal.ts"

async function database(backend: "sqlite" | "mysql" = "sqlite") {
  const opened = await openDatabase(backend)
  onTestFinished(() => opened.drop())
  return { ...opened, place: parseDatabaseUrl(opened.url, "the test's URL").place }
}

type Database = Awaited<ReturnType<typeof database>>

const JOBS = /^ {2}JobDB {2}Jobs +2 {2}[\da-f]{32}$/m

it("db copy says what it copied", async () => {
  const [from, to] = [await database(), await database()]
  await storeJobs(from.sql, [{}, {}])
  const { run } = await terminal()
  const command = `db copy --from ${from.url} --to ${to.url} --database JobDB`
  const { code, out, err } = await run(command)
  expect({ code, err }).toEqual({ code: 0, err: "" })
  expect(out.split("\n")[0]).toBe(`${from.place} to ${to.place}, verified`)
  expect(out).toMatch(JOBS)
  expect(out).not.toContain("JobLoggingDB")

  expect(await run(command)).toEqual({
    code: 1,
    out: "",
    err: `error: ${to.place} is not empty: rows in JobJDLs (2), Jobs (2); --into-existing adds to them\n`,
  })
})

it("db copy shows on a terminal how far it is", async () => {
  const [from, to] = [await database(), await database()]
  await storeJobs(from.sql, [{}, {}])
  const { run } = await terminal({}, { isTTY: true })
  const { err } = await run(`db copy --from ${from.url} --to ${to.url} --database JobDB`)
  expect(err).toContain("\rCopying ████████████████████████ 100 % of 4 rows")
  expect(err).toContain("\rVerifying ████████████████████████ 100 % of 4 rows")
  expect(err.endsWith(" \r")).toBe(true)
})

it.skipIf(!runsHere("mysql"))("db copy --json tells of the times that were cut", async () => {
  const [from, to] = [await database(), await database("mysql")]
  await storeJobs(from.sql, [{ submissionTime: "2026-11-21T08:00:00.250000Z" as never }])
  const { run } = await terminal()
  const command = `db copy --from ${from.url} --to ${to.url} --json`
  const refused = await run(command)
  const warning =
    "warning: Jobs: 1 times have fractions of a second, which the target cannot hold\n"
  expect(refused).toMatchObject({ code: 1, out: "" })
  expect(refused.err).toMatch(new RegExp(`^${warning}error: .* --cut-fractions agrees .*\n$`))
  const { code, out, err } = await run(`${command} --cut-fractions`)
  expect({ code, err }).toEqual({ code: 0, err: warning })
  const { tables, ...places } = JSON.parse(out)
  expect(places).toEqual({ from: from.place, to: to.place, leftBehind: [] })
  expect(tables).toContainEqual({
    database: "JobDB",
    table: "Jobs",
    rows: 1,
    sum: expect.stringMatching(/^[\da-f]{32}$/),
    cutFractions: 1,
  })
})

it.each([
  ["--to", "the same", (url: string) => `--from ${url} --to ${url}`],
  [
    "--from",
    "no driver for the scheme",
    (url: string) => `--from oracle://scott:tiger@db/x --to ${url}`,
  ],
  ["--from", "there is no file", (url: string) => `--from ${url}.absent --to ${url}`],
  ["--database", "no database Jobs", (url: string) => `--from ${url} --to ${url} --database Jobs`],
])("db copy refuses a %s that is %s", async (_, reason, options) => {
  const { url } = await database()
  const { run } = await terminal()
  const { code, out, err } = await run(`db copy ${options(url)}`)
  expect({ code, out }).toEqual({ code: 1, out: "" })
  expect(err).toMatch(new RegExp(`^error: .*${reason}.*\n$`))
  expect(err).not.toContain("tiger")
})

it("db copy says in one line which place cannot be reached", async () => {
  const { url } = await database()
  const place = `127.0.0.1:${await freePort()}`
  const { run } = await terminal()
  const { code, out, err } = await run(
    `db copy --from mysql+aiomysql://scott:tiger@${place}/jobs --to ${url}`,
  )
  expect({ code, out }).toEqual({ code: 1, out: "" })
  expect(err).toMatch(new RegExp(`^error: mysql://${place}/jobs to .*ECONNREFUSED.*\n$`))
  expect(err).not.toContain("tiger")
})

it.each([
  ["SIGINT", { code: 130, out: "", err: "Stopped\n" }],
  ["SIGKILL", { code: null, out: "", err: "" }],
] as const)("db copy goes on after %s", async (signal, end) => {
  const [from, to] = [await database(), await database()]
  await logMany(from, 40_000)
  const args = ["db", "copy", "--from", from.url, "--to", to.url, "--database", "JobLoggingDB"]
  const where = await place()
  const { child, outcome } = start(where, args)
  await vi.waitFor(async () => expect(await logRecords(to)).toBeGreaterThan(0), 30_000)
  child.kill(signal)
  expect(await outcome).toEqual(end)
  const copied = await logRecords(to)
  expect(copied).toBeLessThan(40_000)
  expect(copied % 1000).toBe(0)
  expect(await run(where, args)).toMatchObject({ code: 0, err: "" })
  expect(await logRecords(to)).toBe(40_000)
})

const logRecords = async (database: Database): Promise<number> => {
  const engine = await database.engineOf("JobLoggingDB")
  const [row] = await engine.read((db) => db.run(sql`select count(*) as n from LoggingInfo`))
  return Number(row?.["n"])
}
