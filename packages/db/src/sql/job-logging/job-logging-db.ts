import { and, asc, eq, max, sql } from "drizzle-orm"
import type { Instant } from "@spinor/core/instant"
import { SqlDatabase } from "../database.ts"
import { jobLoggingTables, type JobLoggingTables } from "./schema.ts"

type LogRow = JobLoggingTables["loggingInfo"]["$inferSelect"]

/** One record of a job's log. */
export type LogRecord = Omit<LogRow, "statusTimeOrder">

/** What a status update must know of a job's log. */
export interface LogSummary {
  /** The time that each status was logged last. */
  readonly statusTimes: ReadonlyMap<string, Instant>
  readonly lastSeqNum: number
}

/** What became of the jobs, and when. */
export class JobLoggingDB extends SqlDatabase<JobLoggingTables> {
  static readonly databaseName = "JobLoggingDB"
  static readonly declareTables = jobLoggingTables

  async insertRecords(records: readonly LogRecord[]): Promise<void> {
    await this.insertRows(
      this.tables.loggingInfo,
      records.map((record) => ({ ...record, statusTimeOrder: record.statusTime })),
    )
  }

  /** Reads, for each job, the last record of every status; DiracX's get_wms_time_stamps. */
  async summaries(jobIds: readonly number[]): Promise<Map<number, LogSummary>> {
    const { loggingInfo } = this.tables
    const rows = await this.rows("last of each status", { jobIds }, () => {
      const last = this.db
        .select({
          jobId: loggingInfo.jobId,
          seqNum: max(loggingInfo.seqNum).as("LastSeqNum"),
        })
        .from(loggingInfo)
        .where(this.dialect.isInList(loggingInfo.jobId, sql.placeholder("jobIds")))
        .groupBy(loggingInfo.jobId, loggingInfo.status)
        .as("last")
      return this.db
        .select({
          jobId: loggingInfo.jobId,
          seqNum: loggingInfo.seqNum,
          status: loggingInfo.status,
          time: loggingInfo.statusTimeOrder,
        })
        .from(last)
        .innerJoin(
          loggingInfo,
          and(eq(loggingInfo.jobId, last.jobId), eq(loggingInfo.seqNum, last.seqNum)),
        )
        .orderBy(asc(loggingInfo.jobId), asc(loggingInfo.seqNum))
    })
    const summaries = new Map<number, { statusTimes: Map<string, Instant>; lastSeqNum: number }>()
    for (const { jobId, seqNum, status, time } of rows) {
      const summary = summaries.get(jobId) ?? {
        statusTimes: new Map<string, Instant>(),
        lastSeqNum: 0,
      }
      summary.statusTimes.set(status, time)
      summary.lastSeqNum = seqNum
      summaries.set(jobId, summary)
    }
    return summaries
  }

  /** The jobs' logs in the order of time. */
  async records(jobIds: readonly number[]): Promise<LogRecord[]> {
    const { loggingInfo } = this.tables
    return await this.db
      .select({
        jobId: loggingInfo.jobId,
        seqNum: loggingInfo.seqNum,
        status: loggingInfo.status,
        minorStatus: loggingInfo.minorStatus,
        applicationStatus: loggingInfo.applicationStatus,
        statusTime: loggingInfo.statusTime,
        source: loggingInfo.source,
      })
      .from(loggingInfo)
      .where(this.dialect.isOneOf(loggingInfo.jobId, jobIds))
      .orderBy(
        asc(loggingInfo.statusTimeOrder),
        asc(loggingInfo.statusTime),
        asc(loggingInfo.seqNum),
      )
  }
}
