import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { beforeAll, expect, it } from "vitest"
import { useServer } from "./cli.ts"
import { newTokens, type Tokens } from "./credentials.ts"
import { idOf, userAt } from "./user.ts"

const server = useServer()
let tokens: Tokens
beforeAll(async () => {
  tokens = await newTokens(server.url)
})

const alice = () => userAt(server.url, tokens)

it("submit sends the files and the standard input in one call, one job each", async () => {
  const { cwd, jdl, pipe, spinor, mine } = await alice()
  await writeFile(join(cwd, "one.jdl"), jdl("one"))
  await writeFile(join(cwd, "two.jdl"), jdl("two"))
  const { code, out, err } = await pipe(jdl("three"), "submit", "one.jdl", "-", "two.jdl")
  expect({ code, err }).toEqual({ code: 0, err: "" })
  expect(out).toMatch(/^Submitted 3 jobs: \d+, \d+, \d+\n$/)
  const listed = await spinor(
    "jobs",
    ...mine,
    "--sort",
    "JobID",
    "--parameter",
    "JobName",
    "--json",
  )
  expect(JSON.parse(listed.out)).toEqual([
    { JobName: "one" },
    { JobName: "three" },
    { JobName: "two" },
  ])
})

it("submit --json prints what the service says", async () => {
  const { jdl, pipe } = await alice()
  const { out } = await pipe(jdl("json"), "submit", "--json")
  expect(JSON.parse(out)).toEqual([
    {
      JobID: expect.any(Number),
      Status: "Received",
      MinorStatus: "Job accepted",
      TimeStamp: expect.any(String),
    },
  ])
})

it("submit says in one line what is wrong with a JDL or a file", async () => {
  const { pipe, spinor } = await alice()
  const bad = await pipe("Executable = {", "submit")
  expect(bad).toMatchObject({ code: 1, out: "" })
  expect(bad.err).toMatch(/^error: JDL syntax error.*\n$/)
  const absent = await spinor("submit", "absent.jdl")
  expect(absent).toMatchObject({ code: 1, out: "" })
  expect(absent.err).toMatch(/^error: .*absent\.jdl.*\n$/)
  expect(await spinor("submit", "-", "-")).toMatchObject({ code: 2, out: "" })
})

it("jobs is a table with a line a job, the newest first", async () => {
  const { jdl, pipe, spinor, mine, group } = await alice()
  const first = idOf(await pipe(jdl("first"), "submit"))
  const second = idOf(await pipe(jdl("日本語"), "submit"))
  const { code, out } = await spinor("jobs", ...mine)
  const [header, newest, oldest, caption] = out.split("\n")
  expect(code).toBe(0)
  expect(header?.split(/ {2,}/)).toEqual([
    "JobID",
    "Status",
    "MinorStatus",
    "ApplicationStatus",
    "JobName",
    "JobGroup",
    "Site",
    "Owner",
    "SubmissionTime",
  ])
  expect(newest?.split(/ {2,}/)).toEqual([
    second,
    "Received",
    "Job accepted",
    "Unknown",
    "日本語",
    group,
    "ANY",
    "alice",
    expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
  ])
  expect(oldest?.startsWith(`${first} `)).toBe(true)
  expect(caption).toBe("2 jobs")
})

it("jobs shows pages, and how many there are", async () => {
  const { cwd, jdl, spinor, mine } = await alice()
  const names = ["a", "b", "c"]
  for (const name of names) await writeFile(join(cwd, name), jdl(name))
  await spinor("submit", ...names)
  const page = (...args: string[]) =>
    spinor(
      "jobs",
      ...mine,
      "--sort",
      "JobName:desc",
      "--parameter",
      "JobName",
      "--per-page",
      "2",
      ...args,
    )
  expect((await page()).out).toBe("JobName\nc\nb\nJobs 1 to 2 of 3; the next: --page 2\n")
  expect((await page("--page", "2")).out).toBe("JobName\na\nJobs 3 to 3 of 3\n")
  expect((await page("--page", "3")).out).toBe("No page 3: there are 3 jobs\n")
  expect((await page("--page", "3", "--json")).out).toBe("[]\n")
})

it("jobs keeps to status and conditions", async () => {
  const { jdl, pipe, spinor, mine } = await alice()
  const id = idOf(await pipe(jdl("wanted"), "submit"))
  const ids = async (...args: string[]) => {
    const { out } = await spinor("jobs", ...mine, "--parameter", "JobID", "--json", ...args)
    return JSON.parse(out).map((row: { JobID: number }) => row.JobID)
  }
  expect(await ids("--status", "Received")).toEqual([Number(id)])
  expect(await ids("--status", "Done")).toEqual([])
  expect(await ids("--status", "Done", "--status", "Received")).toEqual([Number(id)])
  expect(await ids("--condition", `JobID in [${id}]`)).toEqual([Number(id)])
  expect(await ids("--condition", "Site not in ANY, Other")).toEqual([])
  expect(await ids("--condition", "JobName not like want%")).toEqual([])
  expect(await ids("--condition", "SubmissionTime gt 2020-01-01")).toEqual([Number(id)])
})

it("jobs --all has every column", async () => {
  const { jdl, pipe, spinor, mine } = await alice()
  await pipe(jdl("all"), "submit")
  const { out } = await spinor("jobs", ...mine, "--all", "--json")
  expect(Object.keys(JSON.parse(out)[0])).toContain("RescheduleCounter")
})

it.each([
  [["--condition", "Nope eq 1"], 1, "error: Unknown column Nope\n"],
  [["--sort", "Nope"], 1, "error: Cannot sort by Nope: unknown column\n"],
  [["--per-page", "10001"], 1, /^error: per_page: .*\n$/],
  [["--condition", "Status"], 2, /^error: option '--condition/],
  [["--condition", "JobID in [1"], 2, /^error: option '--condition/],
  [["--page", "0"], 2, /^error: option '--page/],
  [["--nope"], 2, /^error: unknown option '--nope'/],
])("jobs %j fails, with the code %d", async (args, code, err) => {
  const { spinor } = await alice()
  const outcome = await spinor("jobs", ...args)
  expect(outcome).toMatchObject({ code, out: "" })
  expect(outcome.err).toMatch(err)
})

it("job shows all of a job, with its log", async () => {
  const { jdl, pipe, spinor } = await alice()
  const id = idOf(await pipe(jdl("watched"), "submit"))
  const { code, out } = await spinor("job", id)
  expect(code).toBe(0)
  expect(out).toMatch(new RegExp(`^JobID +${id}\n`))
  expect(out).toMatch(/\nJobName +watched\n/)
  expect(out).toMatch(/\n\nStatusTime .*\n.* Received +Job accepted +Unknown +JobManager\n$/)
  const json = JSON.parse((await spinor("job", id, "--json")).out)
  expect(json).toMatchObject({
    JobID: Number(id),
    Owner: "alice",
    LoggingInfo: [{ Status: "Received" }],
  })
})

it("a job that does not exist is told in one line", async () => {
  const { spinor } = await alice()
  expect(await spinor("job", "999999999")).toEqual({
    code: 1,
    out: "",
    err: "error: there is no job 999999999 that you may see\n",
  })
  expect(await spinor("job", "x")).toMatchObject({ code: 2, out: "" })
})
