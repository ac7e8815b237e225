import type { Instant } from "@spinor/core/instant"
import type { HeartbeatData } from "@spinor/core/models/jobs"
import type { HeartbeatRow, LockedJob } from "@spinor/db/sql/job/records"
import { jobDocument } from "./parameters.ts"

/** The figures that table HeartBeatLoggingInfo keeps; all else is a parameter of the job. */
const FIGURES = [
  "LoadAverage",
  "MemoryUsed",
  "Vsize",
  "AvailableDiskSpace",
  "CPUConsumed",
  "WallClockTime",
] as const satisfies readonly (keyof HeartbeatData)[]

/** The table's key holds whole seconds on MySQL, so it does everywhere. */
export function rowsOf(jobId: number, beat: HeartbeatData, now: Instant): HeartbeatRow[] {
  const heartBeatTime = `${now.slice(0, 19)}.000000Z` as Instant
  return FIGURES.flatMap((name) => {
    const value = beat[name]
    return value === null ? [] : { jobId, name, value: figure(value), heartBeatTime }
  })
}

export const hasOutput = ({ StandardOutput: output }: HeartbeatData): boolean => output !== null

/** As Python writes a float. */
const figure = (value: number): string =>
  Number.isInteger(value) ? value.toFixed(1) : String(value)

export const parametersOf = (
  locked: readonly LockedJob[],
  beats: ReadonlyMap<number, HeartbeatData>,
  now: Instant,
) =>
  locked.flatMap((job) => {
    const output = beats.get(job.jobId)?.StandardOutput ?? null
    return output === null ? [] : jobDocument(job, { StandardOutput: output }, now)
  })
