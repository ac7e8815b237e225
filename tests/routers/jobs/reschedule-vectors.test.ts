import { beforeEach, expect, it } from "vitest"
import { extractJdl } from "@spinor/core/jdl/compression"
import { JobDB } from "@spinor/db/sql/job/job-db"
import { sql } from "drizzle-orm"
import { useDatabase } from "../../support/database.ts"
import { aliceOfLhcb, lhcbRegistry } from "../../support/http-vectors.ts"
import { fixedConfig, serviceOn } from "../../support/service.ts"
import { isCopied, vectorsOf, type Vector } from "../../support/vectors.ts"

interface Input {
  readonly jdl: string
  readonly status_before: string
  readonly reschedule_counter_before: number
  readonly reset_jobs: boolean
  readonly verified: boolean
}

interface Output {
  readonly JDL?: string
  readonly job?: Readonly<Record<string, unknown>>
  readonly success?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

class JobsOfTests extends JobDB {
  /** So that the next job has the id 1, as in the vectors. */
  async empty(): Promise<void> {
    await this.db.run(sql.raw("delete from JobJDLs"))
    await this.db.run(sql.raw("delete from LoggingInfo"))
    await this.db.run(sql.raw("delete from sqlite_sequence"))
  }

  /** Puts a job into the state from which it is rescheduled. */
  async put(jobId: number, { status_before, reschedule_counter_before, verified }: Input) {
    const { jobs } = this.tables
    await this.db
      .update(jobs)
      .set({
        status: status_before,
        rescheduleCounter: reschedule_counter_before,
        verifiedFlag: verified,
      })
      .where(sql`${jobs.jobId} = ${jobId}`)
  }

  async jdlOf(jobId: number): Promise<string> {
    const { jobJdls } = this.tables
    const [row] = await this.db
      .select()
      .from(jobJdls)
      .where(sql`${jobJdls.jobId} = ${jobId}`)
    return extractJdl(row?.jdl ?? "")
  }
}

const database = useDatabase("sqlite")
const service = () =>
  serviceOn(database.sql, {
    config: fixedConfig({ DIRAC: {}, Registry: lhcbRegistry, Operations: { Defaults: {} } }),
  })

beforeEach(() => database.sql.write({ jobs: JobsOfTests }, ({ jobs }) => jobs.empty()))

const isTime = (column: string) => column.endsWith("Time")

it.each(vectorsOf<Input, Output>("reschedule.json"))(
  "$name",
  async (vector: Vector<Input, Output>) => {
    const { input } = vector
    const submitted = await service().call("POST", "/api/jobs/jdl", {
      as: aliceOfLhcb,
      body: [input.jdl],
    })
    expect(submitted.status).toBe(201)
    const [{ JobID: jobId }] = submitted.body
    await database.sql.write({ jobs: JobsOfTests }, ({ jobs }) => jobs.put(jobId, input))

    const answer = await service().call(
      "POST",
      `/api/jobs/reschedule?reset_jobs=${input.reset_jobs}`,
      {
        as: aliceOfLhcb,
        body: { job_ids: [jobId] },
      },
    )
    expect(answer.status).toBeLessThan(500)
    const { expected } = vector.deviation ?? {}
    if (expected?.error) {
      expect(answer.status).toBe(expected.error.http?.status)
      expect(answer.body.detail.failed[jobId].detail).not.toBe("")
      return
    }
    if (!isCopied(vector) && expected === undefined) return
    expect(answer.status).toBe(200)
    const output = {
      ...vector.output,
      ...expected?.output,
      job: { ...vector.output?.job, ...expected?.output?.job },
    }

    const { body: rows } = await service().call("POST", "/api/jobs/search", {
      as: aliceOfLhcb,
      body: { search: [{ parameter: "JobID", operator: "eq", value: jobId }] },
    })
    expect(rows[0]).toMatchObject(output.job)
    expect(rows[0].RescheduleTime).not.toBeNull()
    const jdl = await database.sql.read({ jobs: JobsOfTests }, ({ jobs }) => jobs.jdlOf(jobId))
    expect(jdl).toBe(output.JDL)

    const recorded = output.success?.["1"] ?? {}
    const given = answer.body.success[jobId]
    expect(Object.keys(given).sort()).toEqual(Object.keys(recorded).sort())
    for (const [column, value] of Object.entries(recorded)) {
      if (column === "InputData") expect(given[column]).toBe(value)
      else if (!isTime(column)) expect(given[column]).toEqual(output.job[column] ?? value)
      else expect(given[column] === null).toBe(value === null)
    }
  },
)
