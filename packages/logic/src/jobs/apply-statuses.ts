import { InvalidRequestError } from "@spinor/core/errors"
import type { Instant } from "@spinor/core/instant"
import { changeStatus, type StatusChange } from "@spinor/core/jobs/status-change"
import type { StatusUpdate } from "@spinor/core/jobs/status-update"
import { JobLoggingDB, type LogSummary } from "@spinor/db/sql/job-logging/job-logging-db"
import { JobDB } from "@spinor/db/sql/job/job-db"
import type { JobChange, LockedJob } from "@spinor/db/sql/job/records"
import { TaskQueueDB } from "@spinor/db/sql/task-queue/task-queue-db"

/** The databases that a change of status concerns. */
export const STATUS_DATABASES = { jobs: JobDB, queues: TaskQueueDB, logging: JobLoggingDB }

/** These, bound to a unit of work. */
export interface StatusUnit {
  readonly jobs: JobDB
  readonly queues: TaskQueueDB
  readonly logging: JobLoggingDB
}

/** Updates of jobs by their ids, then by their times. */
export type StatusUpdates = ReadonlyMap<number, ReadonlyMap<Instant, StatusUpdate>>

export interface ApplyOptions {
  readonly now: Instant
  /** Passes the state machine by. */
  readonly force?: boolean
  /** The jobs' logs, if they have been read already. */
  readonly logs?: Logs
  /** Changes jobs whose log holds later times as well; otherwise such updates are only logged. */
  readonly late?: boolean
  /** What is written besides, of a job whose status changes. */
  readonly besides?: ReadonlyMap<number, JobChange>
  /** What is written of jobs whose status does not change. */
  readonly unchanged?: ReadonlyMap<number, JobChange>
}

/** What became of the updates. */
export interface StatusResult {
  /** What was written of each job; empty if its updates were only logged. */
  readonly changed: ReadonlyMap<number, JobChange>
  /** Why nothing was written of a job. */
  readonly failed: ReadonlyMap<number, string>
}

/**
 * Applies status updates to jobs whose rows are locked, each in the order of time, so that updates of
 * the same job do not pass one another.
 */
export async function applyStatuses(
  { jobs, queues, logging }: StatusUnit,
  locked: readonly LockedJob[],
  updates: StatusUpdates,
  {
    now,
    force = false,
    late = false,
    besides = new Map(),
    unchanged = new Map(),
    ...read
  }: ApplyOptions,
): Promise<StatusResult> {
  const concerned = locked.filter(({ jobId }) => updates.has(jobId))
  const logs = read.logs ?? (await logsOf(logging, concerned))
  const failed = new Map<number, string>()
  const changes = new Map<number, StatusChange>()
  for (const job of concerned) {
    const change = changeOf(job, updates.get(job.jobId) ?? new Map(), { logs, now, force, late })
    if (typeof change === "string") failed.set(job.jobId, change)
    else changes.set(job.jobId, change)
  }

  const changed = new Map(
    [...changes].map(([jobId, { columns }]) => [
      jobId,
      columns.status === undefined ? columns : { ...besides.get(jobId), ...columns },
    ]),
  )
  const written = [...changed].filter(([, columns]) => Object.keys(columns).length > 0)
  await jobs.updateJobs(new Map([...written, ...unchanged]))
  const killed = [...changes].filter(([, { isKilled }]) => isKilled).map(([jobId]) => jobId)
  if (killed.length > 0) {
    await queues.removeJobs(killed)
    await jobs.commandKill(killed, now)
  }
  await logging.insertRecords(newRecords(changes, logs))
  return { changed, failed }
}

type Logs = ReadonlyMap<number, LogSummary>

const logsOf = async (logging: JobLoggingDB, jobs: readonly LockedJob[]): Promise<Logs> =>
  jobs.length === 0 ? new Map() : await logging.summaries(jobs.map(({ jobId }) => jobId))

/** What becomes of a job; a sentence, if it is in a state of which nothing can become. */
function changeOf(
  job: LockedJob,
  updates: ReadonlyMap<Instant, StatusUpdate>,
  { logs, late, ...options }: { logs: Logs; now: Instant; force: boolean; late: boolean },
): StatusChange | string {
  const { status, startExecTime, endExecTime } = job
  const loggedTimes = (late ? undefined : logs.get(job.jobId)?.statusTimes) ?? new Map()
  try {
    return changeStatus({ status, startExecTime, endExecTime, loggedTimes }, updates, options)
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.message
    throw error
  }
}

const newRecords = (changes: ReadonlyMap<number, StatusChange>, logs: Logs) =>
  [...changes].flatMap(([jobId, { log }]) =>
    log.map(({ at, ...record }, i) => ({
      ...record,
      jobId,
      seqNum: (logs.get(jobId)?.lastSeqNum ?? 0) + i + 1,
      statusTime: at,
    })),
  )
