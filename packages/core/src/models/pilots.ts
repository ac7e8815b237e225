import * as z from "zod"
import {
  boolean,
  decimal,
  finite,
  integer,
  integerWithin,
  nullable,
  nullableText,
  text,
  timestamp,
} from "./lax.ts"

const PILOT_STATUSES = [
  "Submitted",
  "Waiting",
  "Running",
  "Done",
  "Failed",
  "Deleted",
  "Aborted",
  "Unknown",
] as const

const quoted = PILOT_STATUSES.map((status) => `'${status}'`)

const PilotStatus = z
  .enum(PILOT_STATUSES, `Input should be ${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`)
  .meta({ id: "PilotStatus" })

/** A text as long as the column of PilotAgents. */
const textOf = (longest: number, shortest = 0) => {
  const schema = text.max(longest, `String should have at most ${longest} characters`)
  return shortest === 0
    ? schema
    : schema.min(shortest, `String should have at least ${shortest} character`)
}

/** An id as the column of PilotAgents holds it. */
const jobId = integer.refine(
  (id) => id >= -(2 ** 31) && id < 2 ** 31,
  "Input should be an integer between -2147483648 and 2147483647",
)

export const PilotRegistrationParams = z
  .strictObject({
    pilot_stamp: textOf(32, 1),
    vo: textOf(128, 1),
    grid_type: textOf(32).default("DIRAC"),
    grid_site: textOf(128).default("Unknown"),
    destination_site: textOf(128).default("NotAssigned"),
    /** The job reference that the CE gave the pilot; its stamp unless given. */
    pilot_reference: nullable(textOf(255)),
    pilot_status: PilotStatus.default("Submitted"),
  })
  .meta({ id: "PilotRegistrationParams" })
export type PilotRegistrationParams = z.output<typeof PilotRegistrationParams>

/** What is to change of a pilot; null, or absent, stays. */
const PilotMetadata = z
  .strictObject({
    StatusReason: nullable(textOf(255)),
    Status: nullable(PilotStatus),
    BenchMark: nullable(decimal),
    DestinationSite: nullable(textOf(128)),
    Queue: nullable(textOf(128)),
    GridSite: nullable(textOf(128)),
    GridType: nullable(textOf(32)),
    AccountingSent: nullable(boolean),
    CurrentJobID: nullable(jobId),
  })
  .meta({ id: "PilotMetadata" })
export type PilotMetadata = z.output<typeof PilotMetadata>

/** Metadata by the stamps of the pilots. */
export const PilotsMetadata = z.record(z.string(), PilotMetadata)

const time = timestamp.meta({ openapi: { type: "string", format: "date-time" } })

/** What a pilot tells of itself and of its worker node; whatever else it says is a parameter too. */
const PilotParameters = z
  .object({
    timestamp: nullable(time),
    HostName: nullableText,
    LocalAccount: nullableText,
    GridCE: nullableText,
    CEQueue: nullableText,
    BatchSystem: nullableText,
    BatchJobID: nullableText,
    ModelName: nullableText,
    Platform: nullableText,
    PilotVersion: nullableText,
    DIRACVersion: nullableText,
    CPUNormalizationFactor: nullable(integer),
    "CPUTimeLeft(s)": nullable(integer),
    NumberOfProcessors: nullable(integer),
    "Memory(MB)": nullable(integer),
    "DiskSpace(MB)": nullable(integer),
  })
  .catchall(finite)
  .meta({ id: "PilotParameters", "x-spinor": true })
export type PilotParameters = z.output<typeof PilotParameters>

/** Parameters by the stamps of the pilots. */
export const PilotsParameters = z.record(z.string(), PilotParameters)

/** DIRAC's levels of logging. */
const SEVERITIES = [
  "DEBUG",
  "VERBOSE",
  "INFO",
  "NOTICE",
  "WARN",
  "ERROR",
  "ALWAYS",
  "FATAL",
] as const

const severities = SEVERITIES.map((severity) => `'${severity}'`)

/** In characters; OpenSearch takes no word of more bytes than this can have. */
const MAX_LINE = 8192
const MAX_LINES = 10_000

/** A line of a pilot's log, which the pilot numbers. */
const PilotLogLine = z
  .strictObject({
    sequence: integerWithin({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    time: time,
    severity: z
      .enum(
        SEVERITIES,
        `Input should be ${severities.slice(0, -1).join(", ")} or ${severities.at(-1)}`,
      )
      .default("INFO"),
    text: textOf(MAX_LINE),
  })
  .meta({ id: "PilotLogLine", "x-spinor": true })
export type PilotLogLine = z.output<typeof PilotLogLine>

/** Lines by the stamps of the pilots. */
export const PilotsLogs = z
  .record(z.string(), z.array(PilotLogLine, "Input should be a valid list"))
  .refine(
    (logs) => Object.values(logs).reduce((lines, each) => lines + each.length, 0) <= MAX_LINES,
    `Logs should have at most ${MAX_LINES} lines in all`,
  )
