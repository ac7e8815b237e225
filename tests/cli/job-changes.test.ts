import { beforeAll, expect, it } from "vitest"
import { jobIdsText, parseJobIds } from "@spinor/cli/job-ids"
import { useDatabase } from "../support/database.ts"
import { storeJobs } from "../support/stored-jobs.ts"
import { useServer } from "./cli.ts"
import { newTokens, type Tokens } from "./credentials.ts"
import { userAt } from "./user.ts"

const database = useDatabase("sqlite")
const server = useServer(() => ({ SPINOR_DB_URL: database.url }))
let tokens: { readonly user: Tokens; readonly admin: Tokens }
beforeAll(async () => {
  tokens = {
    user: await newTokens(server.url),
    admin: await newTokens(server.url, "vo:testvo group:admin"),
  }
})

const alice = () => userAt(server.url, tokens.user)
const administrator = () => userAt(server.url, tokens.admin)

it("jobs kill kills all that a list names", async () => {
  const { spinor, submit, mine } = await alice()
  const [first = 0, , third = 0, fourth = 0] = await submit(4)
  const { code, out, err } = await spinor("jobs", "kill", `${first}-${third}`, String(fourth))
  expect({ code, out, err }).toEqual({
    code: 0,
    out: `Killed 4 jobs: ${first}-${fourth}\n`,
    err: "",
  })
  const killed = await spinor("jobs", ...mine, "--parameter", "MinorStatus", "--status", "Killed")
  expect(killed.out).toBe(`MinorStatus\n${"Marked for termination\n".repeat(4)}4 jobs\n`)
})

it("jobs kill kills what it can, and says why it could not kill the others", async () => {
  const { spinor, submit } = await alice()
  const [mine = 0] = await submit(1)
  const [bobs = 0, carols = 0] = await storeJobs(database.sql, [
    { owner: "bob" },
    { owner: "carol", vo: "othervo" },
  ])
  const [done = 0] = await storeJobs(database.sql, [{ status: "Done" }])
  const outcome = await spinor(
    "jobs",
    "kill",
    `${mine},${bobs},${carols},${done},999999998-999999999`,
  )
  expect(outcome).toEqual({
    code: 1,
    out: `Killed job ${mine}\n`,
    err: `error: not killed: ${bobs} (it belongs to bob); ${carols}, 999999998, 999999999 (no such job that you may see); ${done} (a job that is Done cannot be killed)\n`,
  })
  expect((await spinor("jobs", "logs", String(done))).out).not.toContain("Killed")
})

it("jobs kill of nothing but others' jobs changes nothing", async () => {
  const { spinor } = await alice()
  const [bobs = 0] = await storeJobs(database.sql, [{ owner: "bob" }])
  const { code, out, err } = await spinor("jobs", "kill", String(bobs), "--json")
  expect(code).toBe(1)
  expect(JSON.parse(out)).toEqual({
    success: {},
    failed: { [bobs]: { detail: "it belongs to bob" } },
  })
  expect(err).toBe(`error: not killed: ${bobs} (it belongs to bob)\n`)
  const { out: status } = await spinor("job", String(bobs), "--json")
  expect(JSON.parse(status)).toMatchObject({ Status: "Received" })
})

it("jobs kill --json prints what became of each job", async () => {
  const { spinor, submit } = await alice()
  const [id = 0] = await submit(1)
  const { code, out } = await spinor("jobs", "kill", String(id), "--json")
  expect(code).toBe(0)
  expect(JSON.parse(out)).toEqual({
    success: { [id]: expect.objectContaining({ Status: "Killed" }) },
    failed: {},
  })
})

it("a clock that is behind is blamed for a job that goes on", async () => {
  const { spinor } = await alice()
  const future = { path: "/api/jobs/status", at: new Date(Date.now() + 600_000).toISOString() }
  const [id = 0] = await storeJobs(database.sql, [{}])
  const answer = await fetch(`${server.url}${future.path}`, {
    method: "PATCH",
    headers: {
      authorization: `Bearer ${tokens.admin.access_token}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ [id]: { [future.at]: { Status: "Checking" } } }),
  })
  expect(answer.status).toBe(200)
  const { code, err } = await spinor("jobs", "kill", String(id))
  expect(code).toBe(1)
  expect(err).toMatch(/^error: not killed: \d+ \(its status is newer than the clock .*\)\n$/)
})

it("an administrator kills the jobs of others; those that do not exist are named", async () => {
  const { spinor } = await administrator()
  const [bobs = 0] = await storeJobs(database.sql, [{ owner: "bob" }])
  expect(await spinor("jobs", "kill", `${bobs},999999999`)).toEqual({
    code: 1,
    out: `Killed job ${bobs}\n`,
    err: "error: not killed: 999999999 (Not found)\n",
  })
  expect(await spinor("jobs", "kill", "999999999")).toEqual({
    code: 1,
    out: "",
    err: "error: not killed: 999999999 (Not found)\n",
  })
})

it("jobs reschedule sends jobs back, and --reset begins to count anew", async () => {
  const { spinor, submit } = await alice()
  const [id = 0] = await submit(1)
  const counter = async () =>
    JSON.parse((await spinor("job", String(id), "--json")).out).RescheduleCounter
  expect(await spinor("jobs", "reschedule", String(id))).toEqual({
    code: 0,
    out: `Rescheduled job ${id}\n`,
    err: "",
  })
  expect(await counter()).toBe(1)
  const { out } = await spinor("jobs", "reschedule", String(id), "--reset", "--json")
  expect(JSON.parse(out)).toMatchObject({
    success: { [id]: { Status: "Received", MinorStatus: "Job Rescheduled" } },
    failed: {},
  })
  expect(await counter()).toBe(0)
})

it("jobs reschedule says what was not rescheduled and why", async () => {
  const { spinor, submit } = await alice()
  const [id = 0] = await submit(1)
  const [deleted = 0] = await storeJobs(database.sql, [{ status: "Deleted" }])
  const refused = { code: 1, err: `error: not rescheduled: ${deleted} (The job is deleted)\n` }
  expect(await spinor("jobs", "reschedule", String(deleted))).toEqual({ ...refused, out: "" })
  expect(await spinor("jobs", "reschedule", String(deleted), String(id))).toEqual({
    ...refused,
    out: `Rescheduled job ${id}\n`,
  })
})

it("jobs logs shows the statuses of a job, when it had them and who said so", async () => {
  const { spinor, submit } = await alice()
  const [id = 0] = await submit(1)
  await spinor("jobs", "kill", String(id))
  const { code, out, err } = await spinor("jobs", "logs", String(id))
  expect({ code, err }).toEqual({ code: 0, err: "" })
  const [header, ...records] = out.trimEnd().split("\n")
  expect(header?.split(/ {2,}/)).toEqual([
    "StatusTime",
    "Status",
    "MinorStatus",
    "ApplicationStatus",
    "Source",
  ])
  expect(records.map((line) => line.split(/ {2,}/).slice(1))).toEqual([
    ["Received", "Job accepted", "Unknown", "JobManager"],
    ["Killed", "Marked for termination", "Unknown", "spinor"],
  ])
  const json = JSON.parse((await spinor("jobs", "logs", String(id), "--json")).out)
  expect(json).toMatchObject([{ Status: "Received" }, { Status: "Killed", Source: "spinor" }])
  expect(await spinor("jobs", "logs", "999999999")).toEqual({
    code: 1,
    out: "",
    err: "error: there is no job 999999999 that you may see\n",
  })
})

it.each([
  [["kill"], /^error: missing required argument 'ids'/],
  [["kill", "1-"], /^error: .*It should be a list such as 1,2,5-9, of 10000 jobs at most\.\n$/],
  [["kill", "1-10001"], /10000 jobs at most/],
  [["kill", "1-5000", "7001-12001"], /10000 jobs at most/],
  [["kill", "1", "--status", "Running"], /^error: unknown option '--status'/],
  [["--status", "Running", "kill", "1"], /^error: --status before kill is an option of the list/],
  [["--url", "http://127.0.0.1:1", "logs", "1"], /^error: --url before logs/],
  [["nope", "1"], /^error: /],
])("jobs %j is a fault of the command line", async (args, err) => {
  const { spinor } = await alice()
  const outcome = await spinor("jobs", ...args)
  expect(outcome).toMatchObject({ code: 2, out: "" })
  expect(outcome.err).toMatch(err)
})

it.each([
  ["7", [7]],
  ["1,2,5-9", [1, 2, 5, 6, 7, 8, 9]],
  ["3, 1, 1-2", [3, 1, 2]],
  ["1-10000", Array.from({ length: 10_000 }, (_, i) => i + 1)],
  ["1-10001", undefined],
  ["1-9999999999", undefined],
  ["5-1", undefined],
  ["0", undefined],
  ["", undefined],
  ["1,,2", undefined],
  ["-1", undefined],
  ["1.5", undefined],
])("the list %j is %j", (text, ids) => {
  expect(parseJobIds(text)).toEqual(ids)
})

it("ids are told as they may be given", () => {
  expect(jobIdsText([9, 1, 2, 3, 5, 6])).toBe("1-3, 5, 6, 9")
})
