import { randomUUID } from "node:crypto"
import { beforeAll, expect, it } from "vitest"
import { systemClock } from "@spinor/core/instant"
import { useDatabase } from "../support/database.ts"
import { storePilot } from "../support/stored-jobs.ts"
import { useServer } from "./cli.ts"
import { newTokens, type Tokens } from "./credentials.ts"
import { userAt } from "./user.ts"

const database = useDatabase("sqlite")
const server = useServer(() => ({ SPINOR_DB_URL: database.url }))
let tokens: { readonly user: Tokens; readonly pilot: Tokens }
beforeAll(async () => {
  tokens = {
    user: await newTokens(server.url),
    pilot: await newTokens(server.url, "vo:testvo group:pilot"),
  }
})

const alice = () => userAt(server.url, tokens.user)
const newStamp = () => randomUUID().replaceAll("-", "")

/** Registers pilots at a site of their own, and gives the condition that finds them. */
async function register(...statuses: string[]) {
  const site = newStamp()
  const stamps: string[] = []
  for (const pilot_status of statuses) {
    const pilot_stamp = newStamp()
    const answer = await fetch(`${server.url}/api/pilots/`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${tokens.pilot.access_token}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ pilot_stamp, pilot_status, vo: "testvo", grid_site: site }),
    })
    expect(answer.status).toBe(201)
    stamps.push(pilot_stamp)
  }
  return { site, stamps, there: ["--condition", `GridSite eq ${site}`] }
}

it("pilots is a table with a line a pilot, the newest first", async () => {
  const { spinor } = await alice()
  const { site, stamps, there } = await register("Submitted", "Running")
  const { code, out, err } = await spinor("pilots", ...there)
  expect({ code, err }).toEqual({ code: 0, err: "" })
  const [header, newest, oldest, caption] = out.split("\n")
  expect(header?.split(/ {2,}/)).toEqual([
    "PilotStamp",
    "Status",
    "GridSite",
    "DestinationSite",
    "Queue",
    "CurrentJobID",
    "StatusReason",
    "VO",
    "SubmissionTime",
    "LastUpdateTime",
  ])
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
  expect(newest?.split(/ {2,}/)).toEqual([
    stamps[1],
    "Running",
    site,
    "NotAssigned",
    "Unknown",
    "0",
    "Unknown",
    "testvo",
    time,
    time,
  ])
  expect(oldest?.startsWith(`${stamps[0]}  Submitted  `)).toBe(true)
  expect(caption).toBe("2 pilots")
})

it("pilots keeps to statuses and conditions, in the order, columns and pages that are asked for", async () => {
  const { spinor } = await alice()
  const { there } = await register("Done", "Running", "Aborted")
  const statuses = async (...args: string[]) =>
    (await spinor("pilots", ...there, "--parameter", "Status", ...args)).out
  expect(await statuses("--status", "Done", "--status", "Aborted")).toBe(
    "Status\nAborted\nDone\n2 pilots\n",
  )
  expect(await statuses("--sort", "Status:desc", "--per-page", "2")).toBe(
    "Status\nRunning\nDone\nPilots 1 to 2 of 3; the next: --page 2\n",
  )
  expect(await statuses("--status", "Deleted")).toBe("No pilots\n")
  expect(JSON.parse(await statuses("--condition", "Status eq Done", "--json"))).toEqual([
    { Status: "Done" },
  ])
})

it("pilots --job shows the pilots of a job, jobs --pilot the jobs of a pilot", async () => {
  const { spinor, submit } = await alice()
  const [first = 0, second = 0] = await submit(2)
  const [one, two] = [newStamp(), newStamp()]
  await storePilot(database.sql, one, [first, second], systemClock())
  await storePilot(database.sql, two, [second], systemClock())
  const stampsOf = async (id: number) => {
    const args = ["--job", String(id), "--parameter", "PilotStamp", "--sort", "PilotID", "--json"]
    const { out } = await spinor("pilots", ...args)
    return JSON.parse(out).map((row: { PilotStamp: string }) => row.PilotStamp)
  }
  expect(await stampsOf(first)).toEqual([one])
  expect(await stampsOf(second)).toEqual([one, two])
  expect(await stampsOf(999999999)).toEqual([])
  const jobs = await spinor("jobs", "--pilot", one, "--parameter", "JobID")
  expect(jobs.out).toBe(`JobID\n${second}\n${first}\n2 jobs\n`)
  expect((await spinor("jobs", "--pilot", newStamp())).out).toBe("No jobs\n")
})

it("pilot shows all of a pilot", async () => {
  const { spinor } = await alice()
  const { site, stamps } = await register("Waiting")
  const [stamp = ""] = stamps
  const { code, out } = await spinor("pilot", stamp)
  expect(code).toBe(0)
  expect(out).toMatch(new RegExp(`\nPilotStamp +${stamp}\n`))
  expect(out).toMatch(/\nStatus +Waiting\n/)
  const json = JSON.parse((await spinor("pilot", stamp, "--json")).out)
  expect(json).toMatchObject({ PilotStamp: stamp, GridSite: site, VO: "testvo" })
  expect(await spinor("pilot", "nope")).toEqual({
    code: 1,
    out: "",
    err: "error: there is no pilot nope that you may see\n",
  })
})

it("a pilot may not look at the others", async () => {
  const { spinor } = await userAt(server.url, tokens.pilot)
  const { code, out, err } = await spinor("pilots")
  expect({ code, out }).toEqual({ code: 1, out: "" })
  expect(err).toMatch(/^error: Pilots cannot read other pilots' metadata\..*\n$/)
})

it.each([
  [["pilots", "--job", "x"], 2],
  [["pilots", "--sort", "Nope"], 1],
  [["pilots", "kill"], 2],
  [["pilot"], 2],
])("%j fails, with the code %d", async (args, code) => {
  const { spinor } = await alice()
  expect(await spinor(...args)).toMatchObject({ code, out: "" })
})
