import { beforeAll, expect, it } from "vitest"
import { describeEachBackend } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { admin, alice, carol, pilot, serviceOn, settings } from "../../support/service.ts"
import { storeJobs } from "../../support/stored-jobs.ts"

const many = (each: object): object[] => Array.from({ length: 3000 }, () => each)

describeEachBackend("search of jobs", (backend) => {
  const database = useDatabase(backend)
  const search = (body: object, as = alice, more = {}) =>
    serviceOn(database.sql, { settings: { ...settings, ...more } }).call(
      "POST",
      "/api/jobs/search",
      { as, body },
    )
  const names = async (parameter: string, operator: string, value: unknown) => {
    const { body } = await search({
      parameters: ["JobName"],
      search: [{ parameter, operator, value }],
      sort: [{ parameter: "JobID", direction: "asc" }],
    })
    return body.map((row: { JobName: string }) => row.JobName)
  }

  beforeAll(async () => {
    const jobs = ["one", "Two", "three(3)", "four\\4"].map((jobName) => ({ jobName }))
    await storeJobs(database.sql, [
      ...jobs,
      { jobName: "theirs", vo: "othervo", owner: "carol" },
      { jobName: "capital", vo: "TESTVO" },
      ...["tèstvo", "testvo "].map((vo) => ({ jobName: "alike", vo })),
    ])
  })

  it.each([
    ["without groups that capture", "^(?:one|Tw)", ["one", "Two"]],
    ["with the flag to ignore case", "(?i)^two$", ["Two"]],
    ["with a parenthesis that is text", "\\(\\d\\)$", ["three(3)"]],
    ["with a bracket expression", "[0-9]{1,2}$", ["four\\4"]],
  ])("reads regular expressions %s", async (_, pattern, expected) => {
    expect(await names("JobName", "regex", pattern)).toEqual(expected)
  })

  it.each(["(", "a{2,1}", "[z", "*a", "(?=a)(", "\\"])(
    "refuses a regular expression that nothing can read: %s",
    async (value) => {
      const answer = await search({ search: [{ parameter: "JobName", operator: "regex", value }] })
      expect(answer).toMatchObject({ status: 400, body: { detail: `Invalid regex ${value}` } })
    },
  )

  it.each(["a(?!x)", "[[:alpha:]]+", "(a)\\1", "\\q", "(?P<n>a)", "a++"])(
    "never fails on a regular expression that only some databases read: %s",
    async (value) => {
      const answer = await search({ search: [{ parameter: "JobName", operator: "regex", value }] })
      expect(answer.status).toBeLessThan(500)
    },
  )

  it.each([
    [
      "a long pattern",
      { search: [{ parameter: "Site", operator: "like", value: "%a".repeat(30_000) }] },
    ],
    ["many conditions", { search: many({ parameter: "JobID", operator: "neq", value: 1 }) }],
    ["many sorts", { sort: many({ parameter: "JobID", direction: "asc" }) }],
  ])("never fails on %s", async (_, body) => {
    expect((await search(body)).status).toBeLessThan(500)
  })

  it.each([
    ["JobID", Array.from({ length: 70_000 }, (_, i) => i)],
    ["JobName", ["Two", 'it\'s, {"odd"}', ...Array.from({ length: 70_000 }, (_, i) => `job${i}`)]],
    ["PilotStamp", Array.from({ length: 70_000 }, (_, i) => `stamp${i}`)],
    ["SubmissionTime", Array.from({ length: 2000 }, () => "2024-05-03")],
    ["VerifiedFlag", Array.from({ length: 70_000 }, () => true)],
  ])("takes any number of values: %s", async (parameter, values) => {
    for (const operator of parameter === "PilotStamp" ? ["in"] : ["in", "not in"]) {
      const answer = await search({ search: [{ parameter, operator, values }] })
      expect(answer.status).toBe(200)
      if (parameter === "JobName") expect(answer.body).toHaveLength(operator === "in" ? 1 : 3)
    }
  })

  it("never fails when a distinct search is sorted by what it does not select", async () => {
    const sort = [{ parameter: "JobID", direction: "asc" }]
    const answer = await search({ parameters: ["Status"], distinct: true, sort })
    expect(answer.status).toBeLessThan(500)
  })

  it("gives the pages of a distinct search without overlap", async () => {
    const pages = await Promise.all(
      [1, 2, 3].map((page) =>
        serviceOn(database.sql).call("POST", `/api/jobs/search?page=${page}&per_page=1`, {
          as: alice,
          body: { parameters: ["JobName"], distinct: true },
        }),
      ),
    )
    expect(new Set(pages.map(({ body }) => body[0].JobName)).size).toBe(3)
  })

  it("shows the jobs of the caller's VO, whose name is compared exactly", async () => {
    expect((await search({})).body).toHaveLength(4)
    expect((await search({ parameters: ["JobName"] }, carol)).body).toEqual([{ JobName: "theirs" }])
  })

  it("counts the jobs of the caller's VO alone, of all whose names the database takes for the same", async () => {
    const service = serviceOn(database.sql)
    const body = { grouping: ["VO"], search: [] }
    const summary = await service.call("POST", "/api/jobs/summary", { as: alice, body })
    expect(summary.body).toEqual([{ VO: "testvo", count: 4 }])
    const page = await service.call("POST", "/api/jobs/search?per_page=1", { as: alice, body: {} })
    expect(page.headers.get("content-range")).toBe("jobs 0-0/4")
  })

  it("shows all jobs to a service administrator, and to all where the settings say so", async () => {
    expect((await search({}, admin)).body).toHaveLength(8)
    expect((await search({}, carol, { jobsAcrossVos: true })).body).toHaveLength(8)
  })

  it("is for users and administrators: a pilot is forbidden to search", async () => {
    expect(await search({}, pilot)).toMatchObject({ status: 403, body: { detail: "Forbidden" } })
  })
})
