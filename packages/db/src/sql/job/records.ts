import type { JobTables } from "./schema.ts"

type JobRow = JobTables["jobs"]["$inferSelect"]

/** A job as it is submitted. */
export interface NewJob {
  readonly columns: JobTables["jobs"]["$inferInsert"]
  /** Compressed. */
  readonly jdl: string
  /** Logical file names, each once. */
  readonly inputData: readonly string[]
}

/** The jobs that a caller may see: those of a VO, those of an owner, or both. */
export interface JobsVisible {
  readonly vo?: string
  readonly owner?: string
}

/** What changes of a job; what is absent stays. */
export type JobChange = {
  readonly [Column in (typeof CHANGEABLE)[number]]?: NonNullable<JobRow[Column]> | undefined
}

export const CHANGEABLE = [
  "site",
  "userPriority",
  "rescheduleTime",
  "rescheduleCounter",
  "status",
  "minorStatus",
  "applicationStatus",
  "lastUpdateTime",
  "heartBeatTime",
  "startExecTime",
  "endExecTime",
] as const

export type LockedJob = Pick<
  JobRow,
  | "jobId"
  | "owner"
  | "ownerGroup"
  | "vo"
  | "status"
  | "minorStatus"
  | "startExecTime"
  | "endExecTime"
  | "rescheduleCounter"
  | "verifiedFlag"
>

/** What a job measured at one moment, a row for each figure. */
export type HeartbeatRow = JobTables["heartBeatLoggingInfo"]["$inferInsert"]

export type PendingCommand = Pick<
  JobTables["jobCommands"]["$inferSelect"],
  "jobId" | "command" | "arguments"
>
