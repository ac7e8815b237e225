import * as z from "zod"
import { JOB_STATUSES } from "../jobs/status.ts"
import { nullable, text } from "./lax.ts"

const quoted = JOB_STATUSES.map((status) => `'${status}'`)
const EXPECTED = `Input should be ${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`

export const JobStatus = z.enum(JOB_STATUSES, EXPECTED).meta({ id: "JobStatus" })

const utcTime = () => z.string().meta({ openapi: { type: "string", format: "date-time" } })

export const InsertedJob = z
  .object({ JobID: z.int(), Status: text(), MinorStatus: text(), TimeStamp: utcTime() })
  .meta({ id: "InsertedJob" })
export type InsertedJob = z.output<typeof InsertedJob>

export const JobStatusUpdate = z
  .object({
    Status: nullable(JobStatus),
    MinorStatus: nullable(
      text().refine((minor) => minor.length <= 128, "String should have at most 128 characters"),
    ),
    ApplicationStatus: nullable(text()),
    Source: text().default("Unknown"),
  })
  .meta({ id: "JobStatusUpdate" })
export type JobStatusUpdate = z.output<typeof JobStatusUpdate>

const jobId = z
  .string()
  .regex(
    /^\s*[+-]?\d{1,15}\s*$/,
    "Input should be a valid integer, unable to parse string as an integer",
  )

/** Updates by the id of the job, then by their times as the client wrote them. */
export const JobStatusUpdates = z.record(jobId, z.record(z.string(), JobStatusUpdate))
export type JobStatusUpdates = z.output<typeof JobStatusUpdates>

const SetJobStatusReturnSuccess = z
  .object({
    Status: nullable(JobStatus),
    MinorStatus: nullable(text()),
    ApplicationStatus: nullable(text()),
    HeartBeatTime: nullable(utcTime()),
    StartExecTime: nullable(utcTime()),
    EndExecTime: nullable(utcTime()),
    LastUpdateTime: nullable(utcTime()),
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
