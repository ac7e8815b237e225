import { plusSeconds, type Instant } from "@spinor/core/instant"
import type { JobTables } from "./schema.ts"

type Command = JobTables["jobCommands"]["$inferSelect"]

/**
 * The Kill commands that are not waiting already. A job has one command a second, so a new one takes
 * the next second that is free.
 */
export function newKills(
  jobIds: readonly number[],
  at: Instant,
  earlier: readonly Pick<Command, "jobId" | "command" | "status" | "receptionTime">[],
): JobTables["jobCommands"]["$inferInsert"][] {
  const waiting = new Set(
    earlier
      .filter(({ command, status }) => command === "Kill" && status === "Received")
      .map(({ jobId }) => jobId),
  )
  const taken = new Set(earlier.map(({ jobId, receptionTime }) => `${jobId} ${receptionTime}`))
  const second = `${at.slice(0, 19)}.000000Z` as Instant
  return jobIds
    .filter((jobId) => !waiting.has(jobId))
    .map((jobId) => ({
      jobId,
      command: "Kill",
      arguments: "",
      status: "Received",
      receptionTime: freeSecond(second, (time) => taken.has(`${jobId} ${time}`)),
    }))
}

function freeSecond(from: Instant, isTaken: (time: Instant) => boolean): Instant {
  let time = from
  while (isTaken(time)) time = plusSeconds(time, 1)
  return time
}
