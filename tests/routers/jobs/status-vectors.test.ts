import { asc } from "drizzle-orm"
import { expect, it } from "vitest"
import { instant } from "@spinor/core/instant"
import { jsonTime } from "@spinor/core/timestamp"
import { JobDB } from "@spinor/db/sql/job/job-db"
import { JobLoggingDB } from "@spinor/db/sql/job-logging/job-logging-db"
import { describeEachBackend, dialectOf } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { asStored } from "../../support/http-vectors.ts"
import { admin, serviceOn } from "../../support/service.ts"
import { storeJobs, storeLog } from "../../support/stored-jobs.ts"
import { vectorsOf } from "../../support/vectors.ts"

type LogRow = readonly [seqNum: number, ...texts: string[]]

interface SetStatuses {
  readonly kind: string
  readonly job: { Status: string; StartExecTime: string | null; EndExecTime: string | null }
  readonly logging: readonly (readonly [at: string, status: string, minor: string, app: string])[]
  readonly updates: readonly (readonly [at: string, update: object])[]
  readonly force: boolean
  readonly additional_attributes: object | null
}

interface SetStatusesOutput {
  readonly success: Record<string, Record<string, string>>
  readonly failed: Record<string, unknown>
  readonly job: Record<string, unknown>
  readonly commands: readonly unknown[]
  readonly new_log_rows: readonly LogRow[]
  readonly get_records?: readonly (readonly string[])[]
}

interface Body {
  readonly kind: string
  readonly body: Record<string, unknown>
}

const NOW = instant("2024-05-03T13:00:00Z")
const PATH = "/api/jobs/status"

class CommandsOfTests extends JobDB {
  async commands(jobId: number): Promise<unknown[]> {
    const { jobCommands } = this.tables
    const rows = await this.db
      .select()
      .from(jobCommands)
      .where(this.dialect.isOneOf(jobCommands.jobId, [jobId]))
      .orderBy(asc(jobCommands.receptionTime))
    return rows.map((row) => [row.command, row.arguments, row.status])
  }
}

describeEachBackend("statuses of jobs", (backend) => {
  const database = useDatabase(backend)
  const service = () => serviceOn(database.sql, { clock: () => NOW })

  const store = async (
    { Status, StartExecTime, EndExecTime }: SetStatuses["job"],
    log: SetStatuses["logging"],
  ): Promise<number> => {
    const [jobId = 0] = await storeJobs(database.sql, [
      {
        status: Status,
        minorStatus: "M0",
        applicationStatus: "A0",
        rescheduleCounter: 0,
        startExecTime: StartExecTime === null ? null : instant(StartExecTime),
        endExecTime: EndExecTime === null ? null : instant(EndExecTime),
      },
    ])
    const records = log.map(([at, status, minorStatus, applicationStatus], i) => ({
      jobId,
      seqNum: i + 1,
      status,
      minorStatus,
      applicationStatus,
      statusTime: instant(at),
      source: "S0",
    }))
    await storeLog(database.sql, records)
    return jobId
  }

  const logRows = async (jobId: number): Promise<LogRow[]> => {
    const records = await database.sql.read({ logging: JobLoggingDB }, ({ logging }) =>
      logging.records([jobId]),
    )
    return records
      .toSorted((a, b) => a.seqNum - b.seqNum)
      .map((row): LogRow => [
        row.seqNum,
        row.status,
        row.minorStatus,
        row.applicationStatus,
        jsonTime(row.statusTime),
        row.source,
      ])
  }

  const searched = async (jobId: number, parameters: readonly string[]) => {
    const search = [{ parameter: "JobID", operator: "eq", value: jobId }]
    const body = { search, parameters }
    const answer = await service().call("POST", "/api/jobs/search", { as: admin, body })
    return answer.body[0]
  }

  // What a reschedule changes besides the status comes with that operation.
  const vectors = vectorsOf<SetStatuses, SetStatusesOutput>(
    "status.json",
    dialectOf(backend),
  ).filter(({ input }) => input.kind === "set_job_statuses" && input.additional_attributes === null)

  it.each(vectors)("become what DiracX makes of them: $name", async (vector) => {
    const { job, logging, updates, force } = vector.input
    const expected = vector.deviation?.expected.output ?? vector.output
    const jobId = await store(job, logging)
    const answer = await service().call("PATCH", `${PATH}?force=${force}`, {
      as: admin,
      body: { [jobId]: Object.fromEntries(updates) },
    })
    expect(answer.status).toBeLessThan(500)
    if (expected === undefined) return

    expect(answer.body.failed).toEqual({})
    expect(expected.failed).toEqual({})
    expect(told(answer.body.success[jobId])).toEqual(withTimes(expected.success["1"] ?? {}))

    const { JobID: _, ...columns } = await searched(jobId, ["JobID", ...Object.keys(expected.job)])
    expect(columns).toEqual(asStored(backend, withTimes(expected.job)))

    const rows = (await logRows(jobId)).slice(logging.length)
    expect(rows).toEqual(
      asStored(
        backend,
        expected.new_log_rows.map((row) =>
          row.map((text, i) => (i === 4 ? jsonTime(instant(`${text}`)) : text)),
        ),
      ),
    )
    if (expected.get_records) {
      const { LoggingInfo: records } = await searched(jobId, ["LoggingInfo"])
      expect(records).toEqual(
        asStored(
          backend,
          expected.get_records.map(([Status, MinorStatus, ApplicationStatus, at = "", Source]) => ({
            Status,
            MinorStatus,
            ApplicationStatus,
            StatusTime: jsonTime(instant(at)),
            Source,
          })),
        ),
      )
    }
    const commands = await database.sql.read({ jobs: CommandsOfTests }, ({ jobs }) =>
      jobs.commands(jobId),
    )
    expect(commands).toEqual(expected.commands)
  })

  it.each(
    vectorsOf<Body, Record<string, string | null>>("status.json").filter(
      ({ input }) => input.kind === "JobStatusUpdate",
    ),
  )("are read from a request as DiracX reads them: $name", async ({ input, output, error }) => {
    const at = "2024-05-03T12:00:00Z"
    const jobId = await store({ Status: "Waiting", StartExecTime: null, EndExecTime: null }, [])
    const body = { [jobId]: { [at]: input.body } }
    const answer = await service().call("PATCH", PATH, { as: admin, body })
    if (output) {
      expect(answer.status).toBe(200)
      const texts = [output["Status"], output["MinorStatus"], output["ApplicationStatus"]]
      expect(await logRows(jobId)).toEqual([
        [1, ...texts.map((text) => text ?? "idem"), at, output["Source"]],
      ])
    } else {
      const { errors = [] } = (error ?? {}) as { errors?: { loc: string[] }[] }
      expect(answer.status).toBe(422)
      expect(answer.body.detail.map((fault: { loc: unknown }) => fault.loc)).toEqual(
        errors.map(({ loc }) => ["body", String(jobId), at, ...loc]),
      )
    }
  })
})

/** What an answer says; it names all fields, and those that did not change are null. */
const told = (success: Record<string, unknown>): unknown =>
  Object.fromEntries(Object.entries(success).filter(([, value]) => value !== null))

const withTimes = (recorded: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(recorded).map(([name, value]) => [
      name,
      typeof value === "string" && name.endsWith("Time")
        ? jsonTime(value === "<now>" ? NOW : instant(value))
        : value,
    ]),
  )
