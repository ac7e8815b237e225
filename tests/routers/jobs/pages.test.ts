import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { instant, plusSeconds } from "@spinor/core/instant"
import { writeCursor } from "@spinor/db/cursor"
import { JobDB } from "@spinor/db/sql/job/job-db"
import { describeEachBackend } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { linked, walk } from "../../support/pages.ts"
import { choices, testEffort, testSeed, type Choices } from "../../support/random.ts"
import { admin, alice, bob, carol, serviceOn, type Caller } from "../../support/service.ts"
import { storeJobs, type JobColumns } from "../../support/stored-jobs.ts"

const BEGIN = instant("2026-11-01T00:00:00.123456Z")
const REFUSED = { status: 400, body: { detail: "The cursor is not one of this search" } }

/** What databases order each in their own way: cases, accents, spaces at the end, and characters of four bytes. */
const NAMES = [
  "a",
  "A",
  "B",
  "b",
  "é",
  "e",
  "Z",
  "ß",
  "ss",
  "a ",
  "",
  "_",
  "100%",
  "'\\",
  "💥",
  "ÿ",
]
const COLUMNS = [
  "JobID",
  "JobName",
  "Status",
  "UserPriority",
  "VerifiedFlag",
  "AccountedFlag",
  "SubmissionTime",
  "LastUpdateTime",
]

/** Few values in each column, so that most rows are equal in most sorts. */
const job = (chosen: Choices): JobColumns => ({
  jobName: chosen.pick(NAMES),
  status: chosen.pick(["Done", "Failed", "Running"]),
  userPriority: chosen.pick([-1, 0, 2_147_483_647]),
  verifiedFlag: chosen.chance(50),
  accountedFlag: chosen.pick([true, false, "Failed"]),
  ...(chosen.chance(70) && { submissionTime: plusSeconds(BEGIN, chosen.below(3)) }),
  ...(chosen.chance(50) && { lastUpdateTime: plusSeconds(BEGIN, chosen.below(3)) }),
})

describeEachBackend("pages of jobs", (backend) => {
  const statements: string[] = []
  const database = useDatabase(backend, {
    onStatement: (sql) => void (/^(set |pragma )/i.test(sql) || statements.push(sql)),
  })
  const search = (query: string, body: object = {}, as: Caller = alice) =>
    serviceOn(database.sql).call("POST", `/api/jobs/search?${query}`, { as, body })
  const idsOf = (rows: readonly { JobID: number }[]) => rows.map((row) => row.JobID)
  const sortOf = (parameter: string, direction = "asc") => ({ sort: [{ parameter, direction }] })

  /** Jobs that one condition finds, apart from those of other tests. */
  let groups = 0
  const newGroup = async (jobs: readonly JobColumns[]) => {
    const jobGroup = `group${groups++}`
    const ids = await storeJobs(
      database.sql,
      jobs.map((each) => ({ ...each, jobGroup })),
    )
    return { ids, only: { search: [{ parameter: "JobGroup", operator: "eq", value: jobGroup }] } }
  }
  const removeJob = (jobId: number) =>
    database.sql.write({ jobs: JobsOfTests }, ({ jobs }) => jobs.remove(jobId))

  describe("of any sort", () => {
    let group: Awaited<ReturnType<typeof newGroup>>
    const seed = testSeed()
    beforeAll(async () => {
      const chosen = choices(seed)
      group = await newGroup(Array.from({ length: 60 }, () => job(chosen)))
    })

    it.each(Array.from({ length: 40 * testEffort() }, (_, i) => i))(
      `go through all rows in the order of the whole: case ${seed}/%i`,
      async (i) => {
        const chosen = choices(seed + i)
        const sort = Array.from({ length: 1 + chosen.below(3) }, () => ({
          parameter: chosen.pick(COLUMNS),
          direction: chosen.pick(["asc", "desc"]),
        }))
        const parameters = chosen.pick([["JobID"], ["JobID", "Status"], ["JobID", ...COLUMNS]])
        const body = { ...group.only, sort, parameters }
        const whole = await search("per_page=100", body)
        expect(whole.body).toHaveLength(60)
        const perPage = 1 + chosen.below(25)
        const seen = `sorted by ${JSON.stringify(sort)}, ${perPage} a page`
        const begun = await walk(search, body, `per_page=${perPage}&cursor=`)
        expect(begun, seen).toEqual(whole.body)
        const second = await search(`per_page=${perPage}&page=2`, body)
        const rest = await walk(search, body, linked(second))
        expect([...second.body, ...rest], seen).toEqual(whole.body.slice(perPage))
      },
    )
  })

  describe("found by a cursor", () => {
    let group: Awaited<ReturnType<typeof newGroup>>
    beforeEach(async () => {
      const time = { submissionTime: BEGIN }
      group = await newGroup([time, time, {}, {}, time, {}, time])
    })

    it("tell no total, and the last one no next page", async () => {
      const first = await search("per_page=4&cursor=", group.only)
      expect(first.status).toBe(200)
      expect(first.headers.get("content-range")).toBeNull()
      const second = await search(linked(first) ?? "", group.only)
      expect(second).toMatchObject({ status: 200 })
      expect(idsOf(second.body)).toEqual(group.ids.slice(4))
      expect(second.headers.get("content-range")).toBeNull()
      expect(linked(second)).toBeUndefined()
    })

    it.each(["asc", "desc"])("are never counted, sorted %s", async (direction) => {
      for (const parameter of ["JobID", "Status", "SubmissionTime"]) {
        const body = { ...group.only, ...sortOf(parameter, direction) }
        const sent: number[] = []
        let query: string | undefined = "per_page=2&cursor="
        for (let pages = 0; query !== undefined && pages < 10; pages++) {
          statements.length = 0
          const page: Awaited<ReturnType<typeof search>> = await search(query, body)
          sent.push(statements.length)
          expect(statements.join()).not.toMatch(/count\(/i)
          query = linked(page)
        }
        expect(sent).toHaveLength(4)
        // One page at most goes on, behind its last time, with those that have none.
        const twice = parameter === "SubmissionTime" ? [1, 2] : [1]
        expect(twice).toContain(Math.max(...sent))
        expect(sent.reduce((a, b) => a + b)).toBeLessThanOrEqual(5)
      }
    })

    it("hold every row once that stays, whatever comes and goes between them", async () => {
      const body = { ...group.only, ...sortOf("Status") }
      const first = await search("per_page=3&cursor=", body)
      const [gone = 0] = group.ids.slice(2)
      await removeJob(gone)
      await removeJob(group.ids[4] ?? 0)
      const jobGroup = group.only.search[0]?.value ?? ""
      const [later] = await storeJobs(database.sql, [{ jobGroup }])
      await storeJobs(database.sql, [{ jobGroup, status: "Aborted" }])
      const rest = await walk(search, body, linked(first))
      const left = group.ids.filter((id) => id !== group.ids[4])
      expect(idsOf([...first.body, ...rest])).toEqual([...left, later])
    })

    it("give the columns that are asked for, and the log", async () => {
      const body = { ...group.only, ...sortOf("SubmissionTime"), parameters: ["Status"] }
      const page = await search("per_page=1&cursor=", body)
      expect(page.body).toEqual([{ Status: "Received" }])
      const next = await search(linked(page) ?? "", { ...body, parameters: ["LoggingInfo"] })
      expect(next.body[0]).toMatchObject({ LoggingInfo: [], Status: "Received" })
    })

    it("are those of the search that gave the cursor", async () => {
      const query = linked(await search("per_page=1&cursor=", group.only)) ?? ""
      expect((await search(query, group.only)).status).toBe(200)
      expect(await search(query, {})).toMatchObject(REFUSED)
      expect(await search(query, { ...group.only, ...sortOf("Status") })).toMatchObject(REFUSED)
      expect(await search(query, group.only, carol)).toMatchObject(REFUSED)
      expect(await search(query, group.only, admin)).toMatchObject(REFUSED)
      expect((await search(query, group.only, bob)).status).toBe(200)
      const pilots = await serviceOn(database.sql).call("POST", `/api/pilots/search?${query}`, {
        as: alice,
        body: {},
      })
      expect(pilots).toMatchObject(REFUSED)
    })

    it("take no cursor that was changed", async () => {
      const query = new URLSearchParams(linked(await search("per_page=1&cursor=", group.only)))
      const cursor = query.get("cursor") ?? ""
      const [digest, id] = JSON.parse(Buffer.from(cursor, "base64url").toString())
      const forged = [[digest, id + 1], [digest], [id], { digest }, digest, null].map((made) =>
        Buffer.from(JSON.stringify(made)).toString("base64url"),
      )
      for (const each of [...forged, cursor.slice(1), `${cursor}x`, "x", "%00", "é"]) {
        const answer = await search(`per_page=1&cursor=${each}`, group.only)
        expect([400, 422], each).toContain(answer.status)
        if (each !== "%00") expect(answer, each).toMatchObject(REFUSED)
      }
    })

    it.each([
      [["x"]],
      [[]],
      [[1, 2]],
      [[null]],
      [[{}]],
      [[[1]]],
      [["\0"]],
      [["\ud800"]],
      [[1e300]],
    ])("never fail on values that no search gave: %j", async (values) => {
      for (const parameter of ["JobID", "SubmissionTime"]) {
        const sort = [
          { parameter, direction: "asc" },
          { parameter: "JobID", direction: "asc" },
        ]
        const after = parameter === "JobID" ? values : [...values, 1]
        const cursor = writeCursor(["jobs", [], sort, { vo: "testvo" }], after)
        const answer = await search(`cursor=${cursor}`, { sort })
        expect(answer.status, JSON.stringify(answer.body).slice(0, 200)).toBeLessThan(500)
      }
    })

    it("are not found of a distinct search", async () => {
      const body = { ...group.only, parameters: ["Status"], distinct: true }
      expect(await search("cursor=", body)).toMatchObject({
        status: 400,
        body: { detail: "A distinct search has no cursor" },
      })
      expect(linked(await search("per_page=1", body))).toBeUndefined()
    })
  })

  it("that are numbered link to the next one, but for the last", async () => {
    const { ids, only } = await newGroup([{}, {}, {}, {}])
    const first = await search("per_page=2", only)
    expect(first).toMatchObject({ status: 206 })
    expect(first.headers.get("content-range")).toBe("jobs 0-1/4")
    expect(idsOf((await search(linked(first) ?? "", only)).body)).toEqual(ids.slice(2))
    const last = await search("per_page=2&page=2", only)
    expect(last).toMatchObject({ status: 206 })
    expect(linked(last)).toBeUndefined()
    const past = await search("per_page=2&page=3", only)
    expect(past).toMatchObject({ status: 416, body: [] })
    expect(linked(past)).toBeUndefined()
    expect(linked(await search("per_page=4", only))).toBeUndefined()
  })

  it("that are sorted downwards by times have the newest of equal ones first", async () => {
    const { ids, only } = await newGroup(
      [BEGIN, BEGIN].map((submissionTime) => ({ submissionTime })),
    )
    const { body } = await search("", { ...only, ...sortOf("SubmissionTime", "desc") })
    expect(idsOf(body)).toEqual(ids.toReversed())
  })
})

class JobsOfTests extends JobDB {
  async remove(jobId: number): Promise<void> {
    const { jobJdls, jobs } = this.tables
    await this.db.delete(jobs).where(this.dialect.isOneOf(jobs.jobId, [jobId]))
    await this.db.delete(jobJdls).where(this.dialect.isOneOf(jobJdls.jobId, [jobId]))
  }
}
