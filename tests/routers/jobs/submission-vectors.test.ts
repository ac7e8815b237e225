import { asc, sql } from "drizzle-orm"
import { beforeEach, expect, it } from "vitest"
import { extractJdl } from "@spinor/core/jdl/compression"
import type { DialectName } from "@spinor/db/sql/url"
import { JobDB } from "@spinor/db/sql/job/job-db"
import { JobLoggingDB } from "@spinor/db/sql/job-logging/job-logging-db"
import { describeEachBackend } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { aliceOfLhcb, checkHttpVector, lhcbRegistry } from "../../support/http-vectors.ts"
import { admin, fixedConfig, serviceOn, settings } from "../../support/service.ts"
import { vectorsOf } from "../../support/vectors.ts"

interface RecordedJob {
  readonly JobID?: number
  readonly OriginalJDL?: string
  readonly JDL: string
  readonly JobRequirements?: string
  readonly InputData: readonly (string | readonly [lfn: string, status: string])[]
  readonly Jobs?: Readonly<Record<string, unknown>>
  readonly JobName?: string
  readonly Status?: string
  readonly MinorStatus?: string
  readonly Logging?: readonly unknown[]
}

interface Input {
  readonly jdl?: string
  readonly jdls?: readonly string[]
}

interface Output {
  readonly count?: number
  readonly jobs: readonly RecordedJob[] | { count: number; first: RecordedJob; last: RecordedJob }
}

class JobsOfTests extends JobDB {
  /** So that the next job has the id 1. */
  async empty(): Promise<void> {
    for (const statement of EMPTY[this.dialect.name]) await this.db.run(sql.raw(statement))
  }

  async descriptions() {
    const { jobJdls } = this.tables
    return await this.db.select().from(jobJdls).orderBy(asc(jobJdls.jobId))
  }

  async files() {
    const { inputData } = this.tables
    return await this.db.select().from(inputData).orderBy(asc(inputData.lfn))
  }
}

const EMPTY: Record<DialectName, string[]> = {
  sqlite: ["delete from JobJDLs", "delete from LoggingInfo", "delete from sqlite_sequence"],
  mysql: [
    "delete from JobJDLs",
    "delete from LoggingInfo",
    "alter table JobJDLs auto_increment = 1",
  ],
  postgresql: ['truncate "JobJDLs", "LoggingInfo" restart identity cascade'],
}

describeEachBackend("submission of job descriptions", (backend) => {
  const database = useDatabase(backend)
  const service = () =>
    serviceOn(database.sql, {
      config: fixedConfig({
        DIRAC: {},
        Registry: lhcbRegistry,
        Operations: { Defaults: {} },
      }),
      settings: { ...settings, maxJobsPerCall: 20 },
    })

  beforeEach(() => database.sql.write({ jobs: JobsOfTests }, ({ jobs }) => jobs.empty()))

  const storedJobs = async () => {
    const { body: rows } = await service().call("POST", "/api/jobs/search", {
      as: { ...aliceOfLhcb, properties: admin.properties ?? [] },
      body: { sort: [{ parameter: "JobID", direction: "asc" }] },
    })
    const wanted = { jobs: JobsOfTests, logging: JobLoggingDB }
    return await database.sql.read(wanted, async ({ jobs, logging }) => {
      const descriptions = await jobs.descriptions()
      const files = await jobs.files()
      const records = await logging.records(descriptions.map(({ jobId }) => jobId))
      return descriptions.map(({ jobId, originalJdl, jdl, jobRequirements }, i) => ({
        JobID: jobId,
        OriginalJDL: extractJdl(originalJdl),
        JDL: extractJdl(jdl),
        JobRequirements: jobRequirements,
        InputData: files
          .filter((file) => file.jobId === jobId)
          .map((file) => [file.lfn, file.status]),
        Jobs: rows[i],
        JobName: rows[i].JobName,
        Status: rows[i].Status,
        MinorStatus: rows[i].MinorStatus,
        Logging: records
          .filter((record) => record.jobId === jobId)
          .map((record) => [
            record.seqNum,
            record.status,
            record.minorStatus,
            record.applicationStatus,
            record.source,
          ]),
      }))
    })
  }

  it.each([
    ...vectorsOf<Input, Output>("jdl.json", backend),
    ...vectorsOf<Input, Output>("parametric.json", backend),
  ])("stores what DiracX stores: $name", async (vector) => {
    const { jdl = "", jdls = [jdl] } = vector.input
    const answer = await service().call("POST", "/api/jobs/jdl", { as: aliceOfLhcb, body: jdls })
    const stored = await storedJobs()
    if (answer.status !== 201) expect(stored).toEqual([])
    if (jdls.some((text) => text.includes("\0"))) {
      expect([400, 422]).toContain(answer.status)
      return
    }
    checkHttpVector(vector, answer, ({ jobs, count }, { status, body }) => {
      expect(status).toBe(201)
      const recorded = "first" in jobs ? [jobs.first, jobs.last] : jobs
      expect(stored).toHaveLength(count ?? ("first" in jobs ? jobs.count : jobs.length))
      expect(body).toEqual(
        stored.map(({ JobID, Status, MinorStatus }) => ({
          JobID,
          Status,
          MinorStatus,
          TimeStamp: expect.any(String),
        })),
      )
      for (const { InputData, ...job } of recorded) {
        const found = stored[(job.JobID ?? 1) - 1]
        expect(found).toMatchObject(job)
        expect(new Set(found?.InputData)).toEqual(new Set(InputData.map(fileOf)))
      }
    })
  })
})

/** A deviation names the file alone. */
const fileOf = (file: RecordedJob["InputData"][number]) =>
  typeof file === "string" ? [file, "AprioriGood"] : file
