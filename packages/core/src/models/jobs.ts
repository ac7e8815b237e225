import * as z from "zod"
import { JOB_STATUSES } from "../jobs/status.ts"
import { jsonTime } from "../timestamp.ts"
import {
  boolean,
  decimal,
  finite,
  integer,
  nullable,
  nullableText,
  text,
  timestamp,
} from "./lax.ts"

const quoted = JOB_STATUSES.map((status) => `'${status}'`)
const EXPECTED = `Input should be ${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`

const JobStatus = z.enum(JOB_STATUSES, EXPECTED).meta({ id: "JobStatus" })

const utcTime = z.string().meta({ openapi: { type: "string", format: "date-time" } })

export const InsertedJob = z
  .object({ JobID: z.int(), Status: text, MinorStatus: text, TimeStamp: utcTime })
  .meta({ id: "InsertedJob" })
export type InsertedJob = z.output<typeof InsertedJob>

export const JobStatusUpdate = z
  .object({
    Status: nullable(JobStatus),
    MinorStatus: nullable(
      text.refine((minor) => minor.length <= 128, "String should have at most 128 characters"),
    ),
    ApplicationStatus: nullableText,
    Source: text.default("Unknown"),
  })
  .meta({ id: "JobStatusUpdate" })
export type JobStatusUpdate = z.output<typeof JobStatusUpdate>

const jobId = z
  .string()
  .regex(
    /^\s*[+-]?\d{1,15}\s*$/,
    "Input should be a valid integer, unable to parse string as an integer",
  )

/** What concerns jobs, by their ids. */
const byJob = <S extends z.ZodType>(schema: S) => z.record(jobId, schema)

/** Updates by the id of the job, then by their times as the client wrote them. */
export const JobStatusUpdates = byJob(z.record(z.string(), JobStatusUpdate))
export type JobStatusUpdates = z.output<typeof JobStatusUpdates>

const SetJobStatusReturnSuccess = z
  .object({
    Status: nullable(JobStatus),
    MinorStatus: nullableText,
    ApplicationStatus: nullableText,
    HeartBeatTime: nullable(utcTime),
    StartExecTime: nullable(utcTime),
    EndExecTime: nullable(utcTime),
    LastUpdateTime: nullable(utcTime),
  })
  .meta({ id: "SetJobStatusReturnSuccess" })

/** What became of the updates, by the id of the job. */
export const SetJobStatusReturn = z
  .object({
    success: z.record(z.string(), SetJobStatusReturnSuccess),
    failed: z.record(z.string(), z.record(z.string(), z.string())),
  })
  .meta({ id: "SetJobStatusReturn" })
export type SetJobStatusReturn = z.output<typeof SetJobStatusReturn>

export const HeartbeatData = z
  .strictObject({
    LoadAverage: nullable(decimal),
    MemoryUsed: nullable(decimal),
    Vsize: nullable(decimal),
    AvailableDiskSpace: nullable(decimal),
    CPUConsumed: nullable(decimal),
    WallClockTime: nullable(decimal),
    StandardOutput: nullableText,
  })
  .meta({ id: "HeartbeatData" })
export type HeartbeatData = z.output<typeof HeartbeatData>

/** Heartbeats by the ids of the jobs. */
export const Heartbeats = byJob(HeartbeatData)

export const JobCommand = z
  .object({
    job_id: z.int(),
    command: z.string(),
    arguments: nullableText,
  })
  .meta({ id: "JobCommand" })
export type JobCommand = z.output<typeof JobCommand>

/** Numbers that pilots send as texts or with fractions, which are cut. */
const cpuNumber = z
  .preprocess((value, context) => {
    if (value === undefined || value === null) return value
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value
    if (typeof number === "number" && Number.isFinite(number)) return Math.trunc(number)
    if (typeof number === "boolean") return Number(number)
    context.addIssue({
      code: "custom",
      message: `Cannot convert ${JSON.stringify(value)} to integer`,
    })
    return z.NEVER
  }, z.int())
  .meta({ openapi: { type: "integer" } })

const utcTimestamp = timestamp
  .transform(jsonTime)
  .meta({ openapi: { type: "string", format: "date-time" } })

/** The columns of table Jobs, none of which but Site can be changed by metadata. */
const JOB_ATTRIBUTES = {
  JobType: nullableText,
  JobGroup: nullableText,
  Site: nullable(
    text.refine((site) => site.length <= 100, "String should have at most 100 characters"),
  ),
  JobName: nullableText,
  Owner: nullableText,
  OwnerGroup: nullableText,
  VO: nullableText,
  SubmissionTime: nullable(utcTimestamp),
  RescheduleTime: nullable(utcTimestamp),
  LastUpdateTime: nullable(utcTimestamp),
  StartExecTime: nullable(utcTimestamp),
  HeartBeatTime: nullable(utcTimestamp),
  EndExecTime: nullable(utcTimestamp),
  Status: nullableText,
  MinorStatus: nullableText,
  ApplicationStatus: nullableText,
  UserPriority: nullable(integer),
  RescheduleCounter: nullable(integer),
  VerifiedFlag: nullable(boolean),
  AccountedFlag: z.nullable(z.union([boolean, text])).default(null),
}

/** The name of a column of table Jobs. */
export const isJobAttribute = (name: string): boolean => Object.hasOwn(JOB_ATTRIBUTES, name)

/** Attributes and parameters of a job; whatever is no attribute is a parameter. */
export const JobMetaData = z
  .object({
    ...JOB_ATTRIBUTES,
    timestamp: nullable(utcTimestamp),
    CPUNormalizationFactor: nullable(cpuNumber),
    "NormCPUTime(s)": nullable(cpuNumber),
    "TotalCPUTime(s)": nullable(cpuNumber),
    HostName: nullableText,
    GridCE: nullableText,
    ModelName: nullableText,
    PilotAgent: nullableText,
    Pilot_Reference: nullableText,
    "Memory(MB)": nullable(integer),
    LocalAccount: nullableText,
    PayloadPID: nullable(integer),
    CEQueue: nullableText,
    BatchSystem: nullableText,
  })
  .catchall(finite)
  .meta({ id: "JobMetaData" })
export type JobMetaData = z.output<typeof JobMetaData>

/** Metadata by the ids of the jobs. */
export const JobsMetaData = byJob(JobMetaData)

export const RescheduleRequest = z
  .object({ job_ids: z.array(integer, "Input should be a valid list") })
  .meta({ id: "Body_jobs_reschedule_jobs" })
