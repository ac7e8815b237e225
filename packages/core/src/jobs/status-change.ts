import type { Instant } from "../instant.ts"
import { executionTimes } from "./execution-times.ts"
import { mergeUpdates } from "./merge-updates.ts"
import { inOrder, type StatusUpdate, type TimedUpdate } from "./status-update.ts"

/** What is read of a job, under lock, before its status changes. */
export interface JobState {
  readonly status: string
  readonly startExecTime: Instant | null
  readonly endExecTime: Instant | null
  /** For each status of the log the time of its last row; empty for a job without log. */
  readonly loggedTimes: ReadonlyMap<string, Instant>
}

/** Columns of table Jobs to write; those that are not there stay. */
export interface JobStatusColumns {
  status?: string
  minorStatus?: string
  applicationStatus?: string
  lastUpdateTime?: Instant
  heartBeatTime?: Instant
  startExecTime?: Instant
  endExecTime?: Instant
}

/** A row of table LoggingInfo, without its number. */
export interface StatusLogRecord {
  readonly status: string
  readonly minorStatus: string
  readonly applicationStatus: string
  readonly at: Instant
  readonly source: string
}

export interface StatusChange {
  /** Empty when the updates are only logged. */
  readonly columns: JobStatusColumns
  readonly log: StatusLogRecord[]
  /** The job was killed or deleted: it gets the command Kill and leaves the task queues. */
  readonly isKilled: boolean
}

/**
 * What updates make of one job (DiracX's `set_job_statuses`). Updates older than the log are logged,
 * and still set start, end and heartbeat.
 * @throws InvalidRequestError when the job is in a state that is unknown to the machine
 */
export function changeStatus(
  job: JobState,
  changes: ReadonlyMap<Instant, StatusUpdate>,
  { now, force = false }: { now: Instant; force?: boolean },
): StatusChange {
  const updates = inOrder(changes)
  const merged = mergeUpdates(updates, {
    // A job that says something is not stalled any more.
    current: job.status === "Stalled" ? "Running" : job.status,
    lastTime: latest(job.loggedTimes.values()),
    force,
  })
  const { status, minorStatus, applicationStatus } = merged
  const heartBeatTime = merged.updates.findLast(isHeartBeat)?.at
  return {
    columns: {
      ...(status !== undefined && { status, lastUpdateTime: now }),
      ...(minorStatus && { minorStatus }),
      ...(applicationStatus && { applicationStatus }),
      ...(heartBeatTime && { heartBeatTime }),
      ...newTimes(job, updates),
    },
    log: merged.updates.map(logRecord),
    isKilled: status === "Killed" || status === "Deleted",
  }
}

function latest(times: Iterable<Instant>): Instant | undefined {
  let latest: Instant | undefined
  for (const time of times) if (latest === undefined || time > latest) latest = time
  return latest
}

const isHeartBeat = ({ source }: TimedUpdate): boolean =>
  source.startsWith("Job") || source === "Heartbeat"

/** Times that the job does not have yet, by the statuses as they were asked for. */
function newTimes(
  { startExecTime, endExecTime }: JobState,
  updates: readonly TimedUpdate[],
): JobStatusColumns {
  const { start, end } = executionTimes(
    { start: startExecTime ?? undefined, end: endExecTime ?? undefined },
    updates,
  )
  return {
    ...(startExecTime === null && start && { startExecTime: start }),
    ...(endExecTime === null && end && { endExecTime: end }),
  }
}

const logRecord = (update: TimedUpdate): StatusLogRecord => ({
  status: update.status ?? "idem",
  minorStatus: update.minorStatus ?? "idem",
  applicationStatus: cut(update.applicationStatus ?? "idem", 255),
  at: update.at,
  source: cut(update.source, 32),
})

/** The log cuts what is too long for its columns, as in DiracX. */
const cut = (text: string, length: number): string =>
  text.length <= length ? text : Array.from(text).slice(0, length).join("")
