import * as z from "zod"
import { boolean, decimal, integer, nullable, text } from "./lax.ts"

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
  const schema = text().max(longest, `String should have at most ${longest} characters`)
  return shortest === 0
    ? schema
    : schema.min(shortest, `String should have at least ${shortest} character`)
}

/** An id as the column of PilotAgents holds it. */
const jobId = () =>
  integer().refine(
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
    BenchMark: nullable(decimal()),
    DestinationSite: nullable(textOf(128)),
    Queue: nullable(textOf(128)),
    GridSite: nullable(textOf(128)),
    GridType: nullable(textOf(32)),
    AccountingSent: nullable(boolean()),
    CurrentJobID: nullable(jobId()),
  })
  .meta({ id: "PilotMetadata" })
export type PilotMetadata = z.output<typeof PilotMetadata>

/** Metadata by the stamps of the pilots. */
export const PilotsMetadata = z.record(z.string(), PilotMetadata)
