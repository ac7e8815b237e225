import { asc } from "drizzle-orm"
import { expect, it, onTestFinished } from "vitest"
import { instant, plusSeconds, type Instant } from "@spinor/core/instant"
import { connectSql } from "@spinor/db/sql/connections"
import { JobDB } from "@spinor/db/sql/job/job-db"
import { JobLoggingDB } from "@spinor/db/sql/job-logging/job-logging-db"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { describeEachBackend } from "../support/backends.ts"
import { useDatabase } from "../support/database.ts"
import { admin, alice, serviceOn } from "../support/service.ts"
import { storeJobs } from "../support/stored-jobs.ts"

const CALLERS = 16
/** Of each caller, one after the other. */
const UPDATES = 5
const BEGIN = instant("2026-01-01T00:00:00Z")

class CommandsOfTests extends JobDB {
  async commands(jobId: number) {
    const { jobCommands } = this.tables
    return await this.db
      .select({ command: jobCommands.command, at: jobCommands.receptionTime })
      .from(jobCommands)
      .where(this.dialect.isOneOf(jobCommands.jobId, [jobId]))
      .orderBy(asc(jobCommands.receptionTime))
  }

  /** As a heartbeat does that takes the commands along. */
  async deliver(jobId: number): Promise<void> {
    const { jobCommands } = this.tables
    await this.db
      .update(jobCommands)
      .set({ status: "Sent" })
      .where(this.dialect.isOneOf(jobCommands.jobId, [jobId]))
  }
}

const concurrently = <Result>(work: (caller: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: CALLERS }, (_, caller) => work(caller)))

describeEachBackend("concurrent callers", (backend) => {
  const database = useDatabase(backend)
  const logs = useDatabase(backend)
  const patch = (updates: object, clock?: () => Instant) =>
    serviceOn(database.sql, clock && { clock }).call("PATCH", "/api/jobs/status", {
      as: admin,
      body: updates,
    })
  const recordsOf = async (jobId: number) => {
    const records = await database.sql.read({ logging: JobLoggingDB }, ({ logging }) =>
      logging.records([jobId]),
    )
    return records.toSorted((a, b) => a.seqNum - b.seqNum)
  }
  const numbersOf = async (jobId: number) => (await recordsOf(jobId)).map(({ seqNum }) => seqNum)
  const commandsOf = (jobId: number) =>
    database.sql.read({ jobs: CommandsOfTests }, ({ jobs }) => jobs.commands(jobId))

  it("update one job's status whose log is on another server", async () => {
    const urlOf = (name: string) =>
      parseDatabaseUrl((name === "JobLoggingDB" ? logs : database).url, "the test's URL")
    const connections = connectSql(urlOf)
    onTestFinished(() => connections.close())
    const [jobId = 0] = await storeJobs(database.sql, [{}])
    const answers = await concurrently((caller) =>
      serviceOn(connections.sql).call("PATCH", "/api/jobs/status", {
        as: alice,
        body: { [jobId]: { [plusSeconds(BEGIN, caller)]: { MinorStatus: `m${caller}` } } },
      }),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(CALLERS).fill(200))
    const records = await logs.sql.read({ logging: JobLoggingDB }, ({ logging }) =>
      logging.records([jobId]),
    )
    const numbers = records.map(({ seqNum }) => seqNum).toSorted((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: CALLERS }, (_, i) => i + 1))
  })

  it("update one job's status: every record is logged, numbered without a gap", async () => {
    const [jobId = 0] = await storeJobs(database.sql, [{}])
    const answers = await concurrently((caller) =>
      patch({
        [jobId]: {
          [plusSeconds(BEGIN, caller)]: { MinorStatus: `a${caller}` },
          [plusSeconds(BEGIN, 100 + caller)]: { MinorStatus: `b${caller}` },
        },
      }),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(CALLERS).fill(200))
    const numbers = Array.from({ length: 2 * CALLERS }, (_, i) => i + 1)
    expect(await numbersOf(jobId)).toEqual(numbers)
  })

  it("update one job over and over: each update is applied, and the last one stays", async () => {
    const [jobId = 0] = await storeJobs(database.sql, [{}])
    const answers = await concurrently(async (caller) => {
      const own = []
      for (let n = 0; n < UPDATES; n++) {
        const said = `${caller}, ${n}`
        const { status, body } = await patch({ [jobId]: { [BEGIN]: { ApplicationStatus: said } } })
        own.push({ status, said, applied: body.success?.[jobId]?.ApplicationStatus })
      }
      return own
    })
    const all = answers.flat()
    expect(all).toEqual(all.map(({ said }) => ({ status: 200, said, applied: said })))
    const records = await recordsOf(jobId)
    expect(records.map(({ seqNum }) => seqNum)).toEqual(all.map((_, i) => i + 1))
    expect(records.map((record) => record.applicationStatus).toSorted()).toEqual(
      all.map(({ said }) => said).toSorted(),
    )
    const search = [{ parameter: "JobID", operator: "eq", value: jobId }]
    const { body } = await serviceOn(database.sql).call("POST", "/api/jobs/search", {
      as: alice,
      body: { search },
    })
    expect(body).toMatchObject([{ ApplicationStatus: records.at(-1)?.applicationStatus }])
  })

  it("update the same jobs, named in different orders", async () => {
    const ids = await storeJobs(
      database.sql,
      Array.from({ length: 10 }, () => ({})),
    )
    const answers = await concurrently((caller) => {
      const order = caller % 2 === 0 ? ids : ids.toReversed()
      return patch(
        Object.fromEntries(
          order.map((id) => [
            `0${id}`.slice(caller % 2),
            { [BEGIN]: { MinorStatus: `${caller}` } },
          ]),
        ),
      )
    })
    expect(answers.map(({ status }) => status)).toEqual(Array(CALLERS).fill(200))
    for (const id of ids) expect(await numbersOf(id)).toHaveLength(CALLERS)
  })

  it("submit jobs, whose ids are distinct", async () => {
    const answers = await concurrently((caller) =>
      serviceOn(database.sql).call("POST", "/api/jobs/jdl", {
        as: alice,
        body: Array(3).fill(`JobName = "c${caller}"`),
      }),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(CALLERS).fill(201))
    const ids = answers.flatMap(({ body }) => body.map((job: { JobID: number }) => job.JobID))
    expect(new Set(ids).size).toBe(3 * CALLERS)
  })

  it("kill a job, which gets one Kill", async () => {
    const [jobId = 0] = await storeJobs(database.sql, [{ status: "Running" }])
    const killed = () => patch({ [jobId]: { [BEGIN]: { Status: "Killed" } } })
    const answers = await concurrently(killed)
    expect(answers.map(({ status }) => status)).toEqual(Array(CALLERS).fill(200))
    expect(await commandsOf(jobId)).toMatchObject([{ command: "Kill" }])
  })

  it("kill a job again, once its Kill was delivered, in the next free second", async () => {
    const [jobId = 0] = await storeJobs(database.sql, [{ status: "Running" }])
    const kill = () => patch({ [jobId]: { [BEGIN]: { Status: "Killed" } } }, () => BEGIN)
    await kill()
    await database.sql.write({ jobs: CommandsOfTests }, ({ jobs }) => jobs.deliver(jobId))
    await kill()
    expect(await commandsOf(jobId)).toEqual([
      { command: "Kill", at: BEGIN },
      { command: "Kill", at: plusSeconds(BEGIN, 1) },
    ])
  })
})
