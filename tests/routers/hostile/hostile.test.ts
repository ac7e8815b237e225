import { beforeAll, expect, it } from "vitest"
import { instant } from "@spinor/core/instant"
import { submissionRules } from "@spinor/core/jdl/rules"
import { readSubmission } from "@spinor/core/jdl/submission"
import { sha256Hex } from "@spinor/core/security/digest"
import { AuthDB } from "@spinor/db/sql/auth/auth-db"
import { allOperations } from "@spinor/routers/services"
import type { OperationConfig } from "@spinor/routers/operation"
import { describeEachBackend } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { choices, testEffort, testSeed, type Choices } from "../../support/random.ts"
import { admin, alice, serviceOn, settings } from "../../support/service.ts"
import { storeJobs, storeLog } from "../../support/stored-jobs.ts"
import { faultOfAnswer } from "./answers.ts"
import { contentsOf } from "../../support/contents.ts"
import { brokenJobDescription } from "./job-descriptions.ts"
import { hostileRequest, type HostileRequest } from "./requests.ts"
import { NO_JOB } from "./samples.ts"
import { brokenSearch } from "./searches.ts"
import { brokenToken } from "./tokens.ts"

const operations = await allOperations()

const BODY_LIMIT = 4 * 2 ** 20
const LONG = 120_000 * testEffort()
const PAGES = ["?page=1e9", "?page=9007199254740993", "?page=99999999&per_page=10000"]

/** To each operation: 5,000 to all together on SQLite, and 500 elsewhere. */
const shareOf = (all: number): number => Math.ceil((all * testEffort()) / operations.length)

/** Undefined for a request that is none of those wanted. */
type Make = (draw: Choices) => HostileRequest | undefined

describeEachBackend("hostile requests", (backend) => {
  const database = useDatabase(backend)
  const service = () =>
    serviceOn(database.sql, {
      settings: { ...settings, bodyLimit: BODY_LIMIT, legacyExchangeKeyHash: sha256Hex("key") },
    })
  const count = shareOf(backend === "sqlite" ? 5000 : 500)

  beforeAll(async () => {
    const [jobId = 0] = await storeJobs(database.sql, [
      { owner: "carol", vo: "othervo", jobName: "a".repeat(30) },
      { owner: "carol", vo: "othervo", status: "Running" },
    ])
    await storeLog(database.sql, [
      {
        jobId,
        seqNum: 1,
        status: "Received",
        minorStatus: "Job accepted",
        applicationStatus: "Unknown",
        statusTime: instant("2026-11-01T00:00:00Z"),
        source: "JobManager",
      },
    ])
    await database.sql.write({ auth: AuthDB }, ({ auth }) =>
      auth.insertRefreshToken({
        jti: "018f3e2a-7c01-7abc-9def-0123456789ab",
        sub: "testvo:sub-alice",
        scope: "vo:testvo",
      }),
    )
  })

  /** Sends so many, and sees no change in the database. */
  async function expectRefusals(make: Make, requests = count): Promise<void> {
    const before = await contentsOf(database)
    await expectAnswers(make, requests)
    expect(await contentsOf(database), `seed ${testSeed()}`).toEqual(before)
  }

  /** What is wrong is told with the seed that draws the same again. */
  async function expectAnswers(make: Make, requests: number): Promise<void> {
    const seed = testSeed()
    const draw = choices(seed)
    let sent = 0
    while (sent < requests) {
      const request = make(draw)
      if (request === undefined) continue
      sent++
      const fault = await faultOfAnswer(service(), request)
      if (fault !== undefined) throw new Error(`Seed ${seed}: ${shown(request)} ${fault}`)
    }
  }

  it.each(operations.map(({ config }) => config))(
    "$operationId refuses what is malformed, in time, and changes nothing",
    async (config: OperationConfig) => {
      await expectRefusals((draw) => hostileRequest(config, service(), draw))
    },
    LONG,
  )

  const post = (path: string, body: string): HostileRequest => ({
    method: "POST",
    path,
    headers: {
      authorization: `Bearer ${service().tokenFor(alice)}`,
      "content-type": "application/json",
    },
    body,
  })

  it(
    "job descriptions that cannot be read are refused",
    async () => {
      const { config } = await service().deps.config.latest()
      const rules = submissionRules(config, "testvo")
      const owner = { owner: "alice", ownerGroup: "user", vo: "testvo" }
      await expectRefusals((draw) => {
        const jdls = Array.from({ length: draw.chance(80) ? 1 : 2 }, () =>
          brokenJobDescription(draw),
        )
        const isReadable = () => readSubmission(jdls, owner, rules, settings.maxJobsPerCall)
        return succeeds(isReadable) ? undefined : post("/api/jobs/jdl", JSON.stringify(jdls))
      }, 4 * count)
    },
    LONG,
  )

  it(
    "searches of what is not there, or cannot be compared, are refused or find nothing",
    async () => {
      await expectRefusals((draw) => {
        const page = draw.chance(80) ? "" : draw.pick(PAGES)
        const path = draw.pick([`/api/jobs/search${page}`, "/api/jobs/summary"])
        return post(path, brokenSearch(draw))
      }, 4 * count)
    },
    LONG,
  )

  it(
    "changes of jobs that exist are made or refused, whatever stands in them",
    async () => {
      const manage = operations.filter(({ config }) =>
        /^jobs_.*(job|heartbeat|metadata)/.test(config.operationId),
      )
      const jobIds = await storeJobs(
        database.sql,
        Array.from({ length: 9 }, () => ({})),
      )
      await expectAnswers((draw) => {
        const { config } = draw.pick(manage)
        const request = hostileRequest(config, service(), draw)
        if (config.operationId === "jobs_submit_jdl_jobs") {
          return { ...request, body: JSON.stringify([brokenJobDescription(draw)]) }
        }
        const body = String(request.body).replaceAll(String(NO_JOB), String(draw.pick(jobIds)))
        return { ...request, body }
      }, 8 * count)
      for (const path of ["/api/jobs/search?per_page=10000", "/api/jobs/summary"]) {
        const body = { grouping: ["Status", "Site", "MinorStatus"] }
        expect((await service().call("POST", path, { as: admin, body })).status).toBe(200)
      }
    },
    LONG,
  )

  const date = (i: number) => `2024-01-01 ${10 + Math.floor(i / 60)}:${10 + (i % 50)}`
  const conditions = (count: number, values: number) =>
    Array.from({ length: count }, (_, i) => ({
      parameter: i % 2 === 0 ? "SubmissionTime" : "EndExecTime",
      operator: i % 3 === 0 ? "not in" : "in",
      values: Array.from({ length: values }, (_, j) => date(j)),
    }))

  const sorts = (count: number) =>
    Array.from({ length: count }, () => ({ parameter: "JobID", direction: "asc" }))

  it.each([
    ["with more conditions than a database can nest", { search: conditions(101, 0) }, 422],
    ["with more dates than a planner can weigh", { search: conditions(3, 40) }, 400],
    ["with as many of both as there may be", { search: conditions(100, 1) }, 200],
    ["with more sorts than columns", { sort: sorts(101) }, 422],
  ])("a search %s is answered in time", async (_, body, status) => {
    const request = post("/api/jobs/search", JSON.stringify(body))
    expect(await faultOfAnswer(service(), request)).toBeUndefined()
    expect((await service().call("POST", request.path, { as: alice, body })).status).toBe(status)
  })

  it.each([
    ["/api/jobs/jdl", `[${"1,".repeat(79_000)}1]`],
    ["/api/jobs/search", `{"search":[${"1,".repeat(79_000)}1]}`],
    [
      "/api/jobs/search",
      `{"search":[{"parameter":"JobID","operator":"in","values":[${"[],".repeat(79_000)}1]}]}`,
    ],
    ["/api/jobs/reschedule", `{"job_ids":[${'"",'.repeat(79_000)}1]}`],
  ])("a body with faults without number is refused in time by %s", async (path, body) => {
    expect(await faultOfAnswer(service(), post(path, body))).toBeUndefined()
  })

  it(
    "tokens that do not hold are refused",
    async () => {
      const guarded = operations.filter(({ authenticated }) => authenticated)
      await expectRefusals((draw) => {
        const { method, path } = draw.pick(guarded).config
        const authorization = `Bearer ${brokenToken(service().tokenFor(alice), draw)}`
        const url = path.replaceAll(/\{\w+\}/g, "1")
        return { method: method.toUpperCase(), path: url, headers: { authorization }, body: "{}" }
      }, count)
    },
    LONG,
  )

  it(
    "bodies over the limit are refused",
    async () => {
      const text = JSON.stringify(["x".repeat(BODY_LIMIT)])
      const writing = operations.filter(({ config }) => config.method !== "get")
      for (const { config } of writing) {
        const path = config.path.replaceAll(/\{\w+\}/g, "1")
        const { status, body } = await service().call(config.method.toUpperCase(), path, {
          body: text,
          as: alice,
        })
        const detail = `The body is longer than ${BODY_LIMIT} bytes`
        expect([config.operationId, status, body]).toEqual([config.operationId, 413, { detail }])
      }
    },
    LONG,
  )
})

/** Whether a reading succeeds; it may fail in any way. */
function succeeds(reading: () => unknown): boolean {
  try {
    reading()
    return true
  } catch {
    return false
  }
}

/** A request in a line that can be read. */
const shown = ({ method, path, headers, body }: HostileRequest): string =>
  [method, path, JSON.stringify(headers), String(body ?? "")]
    .map((text) => (text.length > 600 ? `${text.slice(0, 600)}… (${text.length})` : text))
    .join(" ")
