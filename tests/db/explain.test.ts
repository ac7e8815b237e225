import { afterAll, beforeAll, expect, it } from "vitest"
import { instant, plusSeconds } from "@spinor/core/instant"
import { TaskQueueDB } from "@spinor/db/sql/task-queue/task-queue-db"
import { describeEachDialect } from "../support/backends.ts"
import { useDatabase } from "../support/database.ts"
import { admin, alice, serviceOn, type Caller } from "../support/service.ts"
import { linked } from "../support/pages.ts"
import { storeJobs, storeLog, storePilot } from "../support/stored-jobs.ts"
import { openPlanner, scansOf, type Planner, type Statement } from "./plans.ts"

const JOBS = 20_000
const CHUNK = 2000
const BEGIN = instant("2026-01-01T00:00:00Z")
const STATUSES = ["Waiting", "Running", "Done", "Failed"]
const SITES = Array.from({ length: 50 }, (_, i) => `LCG.Site${i}.xx`)
const TABLES = ["Jobs", "JobJDLs", "JobCommands", "LoggingInfo", "tq_Jobs", "tq_TaskQueues"]

const pick = (list: readonly string[], i: number): string => list[i % list.length] ?? ""

/** A grid's jobs: many of a few statuses and sites, some users, a job a minute. */
const job = (i: number) => ({
  owner: i % 1000 === 0 ? "alice" : `user${i % 80}`,
  vo: i % 2000 === 1 ? "rarevo" : pick(["testvo", "othervo", "thirdvo", "fourthvo"], i),
  status: i % 1000 === 4 ? "Staging" : pick(STATUSES, Math.floor(i / 4)),
  site: i % 1000 === 8 ? "LCG.Rare.xx" : pick(SITES, Math.floor(i / 7)),
  submissionTime: plusSeconds(BEGIN, i * 60),
  lastUpdateTime: plusSeconds(BEGIN, i * 60 + 30),
})

class QueuesOfTests extends TaskQueueDB {
  async fill(jobIds: readonly number[]): Promise<void> {
    const { taskQueues, jobsQueue } = this.tables
    const queue = { owner: "o", ownerGroup: "g", vo: "v", cpuTime: 1, priority: 1, enabled: true }
    const [tqId = 0] = await this.insertForIds(taskQueues, taskQueues.tqId, [queue])
    const rows = jobIds.map((jobId) => ({ tqId, jobId, priority: 1, realPriority: 1 }))
    await this.insertRows(jobsQueue, rows)
  }
}

describeEachDialect("no table is scanned", (backend) => {
  let statements: Statement[] = []
  const database = useDatabase(backend, {
    onStatement: (sql, parameters) => void statements.push({ sql, parameters }),
  })
  let planner: Planner
  let ids: number[] = []
  let mine: number[] = []

  const call = async (as: Caller, method: "POST" | "PATCH", path: string, body: unknown) => {
    const answer = await serviceOn(database.sql).call(method, `/api/jobs/${path}`, { as, body })
    expect(answer.status).toBeLessThan(300)
    return answer
  }
  const kill = (as: Caller, jobIds: readonly number[]) =>
    call(
      as,
      "PATCH",
      "status",
      Object.fromEntries(
        jobIds.map((id, i) => [
          id,
          { "2026-06-01T00:00:00Z": { Status: "Killed", MinorStatus: `${i}` } },
        ]),
      ),
    )

  beforeAll(async () => {
    for (let first = 0; first < JOBS; first += CHUNK) {
      const chunk = await storeJobs(
        database.sql,
        Array.from({ length: CHUNK }, (_, i) => job(first + i)),
      )
      ids.push(...chunk)
      await storeLog(
        database.sql,
        chunk.flatMap((jobId) =>
          ["Received", "Checking", "Waiting"].map((status, i) => ({
            jobId,
            seqNum: i + 1,
            status,
            minorStatus: "m",
            applicationStatus: "a",
            statusTime: BEGIN,
            source: "test",
          })),
        ),
      )
      await database.sql.write({ queues: QueuesOfTests }, ({ queues }) => queues.fill(chunk))
    }
    mine = ids.filter((_, i) => i % 1000 === 0)
    await kill(admin, ids.slice(10_000, 13_000))
    await storePilot(database.sql, "stamp", mine, BEGIN)
    planner = await openPlanner(backend, database.url)
    await planner.analyze(TABLES)
  })
  afterAll(() => planner.close())

  /** What the plans of all statements scan that the work sends. */
  const scannedBy = async (work: () => Promise<unknown>) => {
    statements = []
    await work()
    return await scansOf(planner, statements)
  }

  const filters: [what: string, filter: () => object][] = [
    ["job id", () => ({ parameter: "JobID", operator: "eq", value: mine[1] })],
    ["job ids", () => ({ parameter: "JobID", operator: "in", values: mine })],
    ["owner", () => ({ parameter: "Owner", operator: "eq", value: "alice" })],
    ["VO", () => ({ parameter: "VO", operator: "eq", value: "rarevo" })],
    ["status", () => ({ parameter: "Status", operator: "eq", value: "Staging" })],
    ["site", () => ({ parameter: "Site", operator: "eq", value: "LCG.Rare.xx" })],
    ["submission", () => ({ parameter: "SubmissionTime", operator: "eq", value: "2026-01-03 04" })],
    [
      "last update",
      () => ({ parameter: "LastUpdateTime", operator: "lt", value: "2026-01-01 01" }),
    ],
    [
      "recent submission",
      () => ({ parameter: "SubmissionTime", operator: "gt", value: "2026-01-14 20" }),
    ],
    ["pilot", () => ({ parameter: "PilotStamp", operator: "eq", value: "stamp" })],
  ]

  const by = (parameter: string, direction = "desc") => ({ parameter, direction })
  const orders: [what: string, sort: object[], search?: object[]][] = [
    ["job id", [by("JobID", "asc")]],
    ["job id downwards", [by("JobID")]],
    ["last update", [by("LastUpdateTime", "asc")]],
    ["last update downwards", [by("LastUpdateTime")]],
    ["submission downwards, and job id", [by("SubmissionTime"), by("JobID")]],
    ["submission downwards, and job id upwards", [by("SubmissionTime"), by("JobID", "asc")]],
    ["status and job id", [by("Status", "asc"), by("JobID", "asc")]],
    [
      "job id downwards, of a status",
      [by("JobID")],
      [{ parameter: "Status", operator: "eq", value: "Done" }],
    ],
  ]

  const done = { parameter: "Status", operator: "eq", value: "Done" }
  it.each([
    ["by status", [], [by("Status", "asc")]],
    ["by status downwards", [], [by("Status")]],
    // PostgreSQL believes that it soon finds them by the key.
    ...(backend === "postgresql"
      ? []
      : [
          ["of a status by job id", [done], [by("JobID", "asc")]] as const,
          ["of a status by job id downwards", [done], [by("JobID")]] as const,
        ]),
  ] as const)("or sorted by the pages of a VO %s", async (_, search, sort) => {
    statements = []
    const page = (query: string) => call(alice, "POST", `search?${query}`, { search, sort })
    await page(linked(await page("per_page=5&cursor=")) ?? "")
    expect(statements).toHaveLength(2)
    expect(await scansOf(planner, statements)).toEqual([])
    for (const statement of statements) {
      expect(await planner.sorts(statement), statement.sql).toBe(false)
    }
  })

  it.each([
    // PostgreSQL rather reads all of a small table than a quarter of it by an index.
    ...(backend === "postgresql" ? [] : [["the VO", []] as const]),
    ["an owner", [{ parameter: "Owner", operator: "eq", value: "user7" }]],
  ] as const)("nor the row of a job by a summary of %s by status", async (_, search) => {
    statements = []
    await call(alice, "POST", "summary", { grouping: ["Status"], search })
    const summaries = statements.filter(({ sql }) => /group by/i.test(sql))
    expect(summaries).toHaveLength(1)
    for (const summary of summaries) {
      expect(await planner.isCovered(summary), summary.sql).toBe(true)
    }
  })

  describeCallers((who, as) => {
    it.each(filters)(`by a search of ${who} by %s`, async (_, filter) => {
      const search = [filter()]
      const scans = await scannedBy(async () => {
        await call(as, "POST", "search", { search })
        await call(as, "POST", "search?per_page=5", { search })
        const sort = [{ parameter: "SubmissionTime", direction: "desc" }]
        await call(as, "POST", "search?per_page=5", { search, sort })
      })
      expect(scans).toEqual([])
    })

    it.each(orders)(`by the pages of ${who} sorted by %s`, async (_, sort, search = []) => {
      const scans = await scannedBy(async () => {
        const pages = (query: string) =>
          call(as, "POST", `search?${query}`, { search: [...search], sort })
        let query = linked(await pages("per_page=5&page=200"))
        statements = []
        for (let page = 0; page < 3; page++) query = linked(await pages(query ?? ""))
        expect(query).toBeDefined()
        expect(statements).toHaveLength(3)
      })
      expect(scans).toEqual([])
    })

    it(`by a search of ${who} with the log`, async () => {
      const search = [{ parameter: "JobID", operator: "in", values: mine }]
      const parameters = ["JobID", "LoggingInfo"]
      expect(await scannedBy(() => call(as, "POST", "search", { search, parameters }))).toEqual([])
    })

    it(`by a summary of ${who} of a status`, async () => {
      const search = [{ parameter: "Status", operator: "eq", value: "Staging" }]
      const body = { grouping: ["Status"], search }
      expect(await scannedBy(() => call(as, "POST", "summary", body))).toEqual([])
    })

    it(`by a summary of ${who} of an owner`, async () => {
      const search = [{ parameter: "Owner", operator: "eq", value: "alice" }]
      const body = { grouping: ["Status"], search }
      expect(await scannedBy(() => call(as, "POST", "summary", body))).toEqual([])
    })

    it(`by ${who} who kills jobs`, async () => {
      expect(await scannedBy(() => kill(as, mine))).toEqual([])
    })
  })
})

function describeCallers(suite: (who: string, as: Caller) => void): void {
  suite("a user", alice)
  suite("an administrator", admin)
}
