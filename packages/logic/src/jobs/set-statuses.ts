import { InvalidRequestError } from "@spinor/core/errors"
import { changeStatus, type StatusChange } from "@spinor/core/jobs/status-change"
import type { StatusUpdate } from "@spinor/core/jobs/status-update"
import type { Instant } from "@spinor/core/instant"
import { JobLoggingDB, type LogSummary } from "@spinor/db/sql/job-logging/job-logging-db"
import { JobDB, type JobChange, type LockedJob } from "@spinor/db/sql/job/job-db"
import { TaskQueueDB } from "@spinor/db/sql/task-queue/task-queue-db"
import type { JobDeps } from "./deps.ts"

/** Updates of jobs by their ids, then by their times. */
export type StatusUpdates = ReadonlyMap<number, ReadonlyMap<Instant, StatusUpdate>>

/** What became of the updates. */
export interface StatusResult {
  /** What was written of each job; empty if its updates were only logged. */
  readonly changed: ReadonlyMap<number, JobChange>
  /** Why nothing was written of a job. */
  readonly failed: ReadonlyMap<number, string>
}

/**
 * Applies status updates to jobs, each in the order of time (DiracX's set_job_statuses). The jobs are
 * locked before their logs are read, so updates of the same job do not pass one another.
 */
export async function setJobStatuses(
  { sql, clock }: Pick<JobDeps, "sql" | "clock">,
  updates: StatusUpdates,
  { force = false }: { force?: boolean } = {},
): Promise<StatusResult> {
  const wanted = { jobs: JobDB, queues: TaskQueueDB, logging: JobLoggingDB }
  return await sql.write(wanted, async ({ jobs, queues, logging }) => {
    const now = clock()
    const locked = await jobs.lockJobs([...updates.keys()])
    const jobIds = locked.map((job) => job.jobId)
    const failed = new Map([...updates.keys()].map((jobId) => [jobId, "Not found"]))
    const changes = new Map<number, StatusChange>()
    const logs = jobIds.length === 0 ? NO_LOGS : await logging.summaries(jobIds)
    for (const job of locked) {
      const change = changeOf(job, { logs, updates, now, force })
      if (typeof change === "string") failed.set(job.jobId, change)
      else if (failed.delete(job.jobId)) changes.set(job.jobId, change)
    }
    if (changes.size === 0) return { changed: new Map(), failed }

    const written = [...changes].filter(([, { columns }]) => Object.keys(columns).length > 0)
    await jobs.updateJobs(new Map(written.map(([jobId, { columns }]) => [jobId, columns])))
    const killed = jobIds.filter((jobId) => changes.get(jobId)?.isKilled)
    if (killed.length > 0) {
      await queues.removeJobs(killed)
      await jobs.commandKill(killed, now)
    }
    await logging.insertRecords(newRecords(changes, logs))
    return {
      changed: new Map([...changes].map(([jobId, { columns }]) => [jobId, columns])),
      failed,
    }
  })
}

const NO_LOGS: ReadonlyMap<number, LogSummary> = new Map()

/** What becomes of a job; a sentence, if it is in a state of which nothing can become. */
function changeOf(
  job: LockedJob,
  {
    logs,
    updates,
    ...options
  }: {
    logs: ReadonlyMap<number, LogSummary>
    updates: StatusUpdates
    now: Instant
    force: boolean
  },
): StatusChange | string {
  try {
    return changeStatus(stateOf(job, logs), updates.get(job.jobId) ?? new Map(), options)
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.message
    throw error
  }
}

const stateOf = (job: LockedJob, logs: ReadonlyMap<number, LogSummary>) => ({
  status: job.status,
  startExecTime: job.startExecTime,
  endExecTime: job.endExecTime,
  loggedTimes: logs.get(job.jobId)?.statusTimes ?? new Map<string, Instant>(),
})

function newRecords(
  changes: ReadonlyMap<number, StatusChange>,
  logs: ReadonlyMap<number, LogSummary>,
) {
  return [...changes].flatMap(([jobId, { log }]) =>
    log.map(({ at, ...record }, i) => ({
      ...record,
      jobId,
      seqNum: (logs.get(jobId)?.lastSeqNum ?? 0) + i + 1,
      statusTime: at,
    })),
  )
}
