import type { Instant } from "@spinor/core/instant"
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

/** What a status update changes of a job; what is absent stays. */
export interface JobChange {
  readonly site?: string | undefined
  readonly userPriority?: number | undefined
  readonly rescheduleTime?: Instant | undefined
  readonly rescheduleCounter?: number | undefined
  readonly status?: string | undefined
  readonly minorStatus?: string | undefined
  readonly applicationStatus?: string | undefined
  readonly lastUpdateTime?: Instant | undefined
  readonly heartBeatTime?: Instant | undefined
  readonly startExecTime?: Instant | undefined
  readonly endExecTime?: Instant | undefined
}

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

/** Parameters of a job, to be laid over those that are stored. */
export interface JobParameters {
  readonly jobId: number
  readonly vo: string
  readonly document: Readonly<Record<string, unknown>>
}
