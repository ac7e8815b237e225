import type { Instant } from "@spinor/core/instant"
import { compressJdl } from "@spinor/core/jdl/compression"
import { JobLoggingDB, type LogRecord } from "@spinor/db/sql/job-logging/job-logging-db"
import { JobDB } from "@spinor/db/sql/job/job-db"
import type { NewJob } from "@spinor/db/sql/job/records"
import { PilotAgentsDB } from "@spinor/db/sql/pilot/pilot-agents-db"
import type { SqlDatabases } from "@spinor/db/sql/unit-of-work"

/** Columns of a job that a test cares about. */
export type JobColumns = Partial<NewJob["columns"]>

const USUAL: NewJob["columns"] = {
  jobId: 0,
  jobType: "User",
  jobGroup: "00000000",
  site: "ANY",
  jobName: "Unknown",
  owner: "alice",
  ownerGroup: "user",
  vo: "testvo",
  status: "Received",
  minorStatus: "Job accepted",
  applicationStatus: "Unknown",
  userPriority: 1,
  rescheduleCounter: 0,
  verifiedFlag: true,
  accountedFlag: false,
}

/** Stores jobs as they are described, past the service, and gives their ids. */
export const storeJobs = (sql: SqlDatabases, jobs: readonly JobColumns[]): Promise<number[]> =>
  sql.write({ db: JobDB }, async ({ db }) => {
    const ids = await db.reserveJobs(jobs.map(() => compressJdl("[]")))
    await db.insertJobs(
      jobs.map((columns, i) => ({
        columns: { ...USUAL, ...columns, jobId: ids[i] ?? 0 },
        jdl: compressJdl("[]"),
        inputData: [],
      })),
    )
    return ids
  })

export const storeLog = (sql: SqlDatabases, records: readonly LogRecord[]): Promise<void> =>
  sql.write({ logging: JobLoggingDB }, ({ logging }) => logging.insertRecords(records))

class PilotsOfTests extends PilotAgentsDB {
  async add(stamp: string, jobIds: readonly number[], at: Instant): Promise<void> {
    const { pilots, jobToPilotMapping } = this.tables
    const [pilotId = 0] = await this.insertForIds(pilots, pilots.pilotId, [
      {
        stamp,
        initialJobId: 0,
        currentJobId: 0,
        pilotJobReference: stamp,
        destinationSite: "ANY",
        queue: "q",
        gridSite: "ANY",
        vo: "testvo",
        gridType: "test",
        benchMark: 1,
        status: "Running",
        statusReason: "",
        accountingSent: false,
      },
    ])
    const rows = jobIds.map((jobId) => ({ pilotId, jobId, startTime: at }))
    await this.db.insert(jobToPilotMapping).values(rows)
  }
}

/** Stores a pilot that ran the jobs. */
export const storePilot = (
  sql: SqlDatabases,
  stamp: string,
  jobIds: readonly number[],
  at: Instant,
): Promise<void> =>
  sql.write({ pilots: PilotsOfTests }, ({ pilots }) => pilots.add(stamp, jobIds, at))
