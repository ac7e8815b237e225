import { beforeAll, expect, it } from "vitest"
import { storeJobs } from "../support/stored-jobs.ts"
import { place, run } from "./cli.ts"
import { newTokens, type Tokens } from "./credentials.ts"
import { describeEachDocumentServer } from "./document-servers.ts"
import { userAt } from "./user.ts"

describeEachDocumentServer("jobs parameters", (server) => {
  let tokens: { readonly user: Tokens; readonly admin: Tokens }
  beforeAll(async () => {
    tokens = {
      user: await newTokens(server.url),
      admin: await newTokens(server.url, "vo:testvo group:admin"),
    }
  })

  /** Jobs with parameters, the ids of which are in the order of the parameters. */
  const jobsWith = async (...parameters: Record<string, unknown>[]) => {
    const ids = await storeJobs(
      server.database.sql,
      parameters.map(() => ({})),
    )
    const body = Object.fromEntries(ids.map((id, i) => [id, parameters[i]]))
    await server.write(tokens.admin.access_token, "PATCH", "/api/jobs/metadata", body)
    return ids
  }

  const user = async () => {
    const { spinor } = await userAt(server.url, tokens.user)
    return (...args: string[]) => spinor("jobs", "parameters", ...args)
  }
  const at = { timestamp: "2026-11-21T08:00:00Z" }

  it("shows all of the jobs that are named, a block a job", async () => {
    const [one = 0, two = 0] = await jobsWith(
      { ...at, GridCE: "ce1", Own: { a: 1 } },
      { ...at, HostName: "wn\u001b[31m2" },
    )
    const parameters = await user()
    const { code, out, err } = await parameters(`${one},${two}`)
    expect({ code, err }).toEqual({ code: 0, err: "" })
    const blocks = out.split("\n\n").map((block) => block.trimEnd().split("\n"))
    expect(blocks.map(([first]) => first)).toEqual([
      expect.stringMatching(new RegExp(`^JobID +${one}$`)),
      expect.stringMatching(new RegExp(`^JobID +${two}$`)),
    ])
    expect(blocks[0]?.slice(1).sort()).toEqual([
      "GridCE     ce1",
      'Own        {"a":1}',
      "timestamp  2026-11-21 08:00:00",
    ])
    expect(blocks[1]).toContain("HostName   wn2")
    const only = await parameters(String(one), "--parameter", "GridCE")
    expect(only.out).toMatch(new RegExp(`^JobID +${one}\nGridCE +ce1\n$`))
    expect(JSON.parse((await parameters(String(one), "--json")).out)).toEqual([
      { JobID: one, ...at, GridCE: "ce1", Own: { a: 1 } },
    ])
  })

  it("names the jobs that have none", async () => {
    const [one = 0] = await jobsWith({ ...at, GridCE: "ce1" })
    const parameters = await user()
    const { code, out, err } = await parameters(`999999997-999999999,${one}`)
    expect(code).toBe(1)
    expect(out).toMatch(new RegExp(`^JobID +${one}\n`))
    expect(err).toBe(
      "error: there are no parameters that you may see of jobs 999999997-999999999\n",
    )
    const nothing = await parameters("999999999", "--json")
    expect(nothing).toEqual({
      code: 1,
      out: "[]\n",
      err: "error: there are no parameters that you may see of job 999999999\n",
    })
  })

  it("is a table of all jobs that hold conditions, in the order, columns and pages asked for", async () => {
    const [one = 0, two = 0, three = 0] = await jobsWith(
      { ...at, GridCE: "table", "Memory(MB)": 3000 },
      { ...at, GridCE: "table", "Memory(MB)": 1000, Extra: "x" },
      { ...at, GridCE: "table", "Memory(MB)": 2000 },
    )
    const parameters = await user()
    const there = ["--condition", "GridCE eq table"]
    const { code, out, err } = await parameters(...there)
    expect({ code, err }).toEqual({ code: 0, err: "" })
    const [header, first, ...rest] = out.trimEnd().split("\n")
    expect(header?.split(/ {2,}/).slice(0, 3)).toEqual(["JobID", "timestamp", "GridCE"])
    expect(first).toMatch(new RegExp(`^${three} +2026-11-21 08:00:00 +table +.*2000`))
    expect(rest).toHaveLength(3)
    expect(rest.at(-1)).toBe("3 jobs")
    const column = ["--parameter", "JobID", "--sort", "Memory(MB):desc"]
    expect((await parameters(...there, ...column)).out).toBe(
      `JobID\n${one}\n${three}\n${two}\n3 jobs\n`,
    )
    expect((await parameters(...there, ...column, "--per-page", "2")).out).toBe(
      `JobID\n${one}\n${three}\nJobs 1 to 2 of 3; the next: --page 2\n`,
    )
    expect((await parameters(...there, "--all")).out).toMatch(/^.*Extra/)
    const json = await parameters(...there, "--condition", "Memory(MB) lt 2000", "--json", "--all")
    expect(JSON.parse(json.out)).toEqual([
      { JobID: two, ...at, GridCE: "table", "Memory(MB)": 1000, Extra: "x" },
    ])
    expect((await parameters("--condition", "GridCE eq nowhere")).out).toBe("No jobs\n")
  })

  it("says which field there is not", async () => {
    const parameters = await user()
    expect(await parameters("--condition", "Nope eq 1")).toEqual({
      code: 1,
      out: "",
      err: "error: Field Nope is not included in the index mapping\n",
    })
  })
})

it.each([
  [["1-"], /It should be a list such as 1,2,5-9/],
  [["1", "--page", "2"], /^error: --page is for a list of all jobs/],
  [["1", "--per-page", "2"], /^error: --per-page is for a list of all jobs/],
  [["--status", "Done"], /unknown option '--status'/],
])("jobs parameters %j is a fault of the command line", async (args, err) => {
  const outcome = await run(await place(), ["jobs", "parameters", ...args])
  expect(outcome).toMatchObject({ code: 2, out: "", err: expect.stringMatching(err) })
})
