import type { PilotTables } from "./schema.ts"

type PilotRow = PilotTables["pilots"]["$inferSelect"]

/** A pilot as it is registered. */
export type NewPilot = Pick<
  PilotRow,
  | "stamp"
  | "vo"
  | "pilotJobReference"
  | "gridType"
  | "gridSite"
  | "destinationSite"
  | "status"
  | "submissionTime"
  | "lastUpdateTime"
>

/** A line of a pilot's log as it is stored. */
export type LogLine = Omit<PilotTables["spinorPilotLogs"]["$inferInsert"], "words">

export type KnownPilot = Pick<PilotRow, "pilotId" | "stamp" | "vo">

/** What an update changes of a pilot; what is absent, or null, stays. */
export type PilotChange = {
  readonly [Column in (typeof CHANGEABLE)[number]]?: PilotRow[Column] | null
}

export const CHANGEABLE = [
  "status",
  "statusReason",
  "benchMark",
  "destinationSite",
  "queue",
  "gridSite",
  "gridType",
  "accountingSent",
  "currentJobId",
  "lastUpdateTime",
] as const
