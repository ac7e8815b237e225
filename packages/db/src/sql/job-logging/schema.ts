import type { Columns } from "../dialects/mysql-columns.ts"

/** JobLoggingDB's only table: what became of a job, in the order of SeqNum. */
export const jobLoggingTables = ({
  table,
  primaryKey,
  int,
  string,
  datetime,
  magicEpoch,
  utcNow,
}: Columns) => ({
  loggingInfo: table(
    "LoggingInfo",
    {
      jobId: int("JobID").notNull(),
      seqNum: int("SeqNum").notNull(),
      status: string("Status", 32).notNull(),
      minorStatus: string("MinorStatus", 128).notNull(),
      applicationStatus: string("ApplicationStatus", 255).notNull(),
      statusTime: datetime("StatusTime").notNull().default(utcNow),
      statusTimeOrder: magicEpoch("StatusTimeOrder").notNull(),
      source: string("StatusSource", 32).notNull(),
    },
    (records) => [primaryKey({ name: "LoggingInfo_pk", columns: [records.jobId, records.seqNum] })],
  ),
})

export type JobLoggingTables = ReturnType<typeof jobLoggingTables>
