import type { Config } from "@spinor/core/config/schema"
import { InvalidRequestError } from "@spinor/core/errors"
import type { Instant } from "@spinor/core/instant"
import { compressJdl, extractJdl } from "@spinor/core/jdl/compression"
import { prepareAgain, type RescheduledJob } from "@spinor/core/jdl/reschedule"
import { submissionRules } from "@spinor/core/jdl/rules"
import { JOB_MINOR_STATUSES } from "@spinor/core/jobs/status"
import type { StatusUpdate } from "@spinor/core/jobs/status-update"
import type { JobChange, LockedJob } from "@spinor/db/sql/job/records"
import { applyStatuses, STATUS_DATABASES } from "./apply-statuses.ts"
import type { JobDeps } from "./deps.ts"

/** What became of a job that was sent back to the start. */
export interface Rescheduled extends JobChange {
  /** Prepared anew, with its placeholders. */
  readonly jdl: string
}

export interface RescheduleResult {
  readonly success: ReadonlyMap<number, Rescheduled>
  /** Why a job was not rescheduled. */
  readonly failed: ReadonlyMap<number, string>
}

/**
 * Sends jobs back to Received, from every state but Deleted, as legacy DIRAC does; a job that was sent
 * back too often becomes Failed (DiracX's reschedule_jobs).
 */
export async function rescheduleJobs(
  { sql, config: source, clock }: Pick<JobDeps, "sql" | "config" | "clock">,
  jobIds: readonly number[],
  { resetCounters }: { resetCounters: boolean },
): Promise<RescheduleResult> {
  const { config } = await source.latest()
  return await sql.write(STATUS_DATABASES, async (unit) => {
    const now = clock()
    const locked = await unit.jobs.lockJobs(jobIds)
    const originals = await unit.jobs.originalJdls(locked.map(({ jobId }) => jobId))
    const failed = new Map([...new Set(jobIds)].map((jobId) => [jobId, "Not found"]))
    const updates = new Map<number, Map<Instant, StatusUpdate>>()
    const prepared = new Map<number, RescheduledJob>()
    const besides = new Map<number, JobChange>()

    for (const job of locked) {
      const plan = planOf(job, { config, original: originals.get(job.jobId), resetCounters })
      if (plan.refusal === undefined) failed.delete(job.jobId)
      else failed.set(job.jobId, plan.refusal)
      if (plan.update) updates.set(job.jobId, new Map([[now, plan.update]]))
      if (plan.job) {
        prepared.set(job.jobId, plan.job)
        besides.set(job.jobId, {
          site: plan.job.site,
          userPriority: plan.job.userPriority,
          rescheduleTime: now,
          rescheduleCounter: plan.counter,
        })
      }
    }

    const { changed } = await applyStatuses(unit, locked, updates, {
      now,
      force: true,
      late: true,
      besides,
    })
    await unit.jobs.updateJdls(
      new Map([...prepared].map(([jobId, { stored }]) => [jobId, compressJdl(stored)])),
    )
    await unit.jobs.dropCommands([...prepared.keys()])
    const success = [...prepared].map(
      ([jobId, { jdl }]) => [jobId, { ...changed.get(jobId), jdl }] as const,
    )
    return { success: new Map(success), failed }
  })
}

interface Plan {
  readonly counter: number
  readonly refusal?: string
  readonly update?: StatusUpdate
  readonly job?: RescheduledJob
}

function planOf(
  job: LockedJob,
  {
    config,
    original,
    resetCounters,
  }: { config: Config; original: string | undefined; resetCounters: boolean },
): Plan {
  const counter = resetCounters ? 0 : job.rescheduleCounter + 1
  if (!job.verifiedFlag) {
    const { status, minorStatus } = job
    const refusal = `VerifiedFlag is False: Status ${status}, Minor Status: ${minorStatus}`
    return { counter, refusal }
  }
  if (job.status === "Deleted") return { counter, refusal: "The job is deleted" }
  const most = config.Operations[job.vo]?.Services.JobScheduling.MaxRescheduling
  if (most === undefined) return { counter, refusal: `VO ${job.vo} is not configured` }
  if (counter > most) {
    return {
      counter,
      refusal: `Maximum number of reschedules exceeded (${most})`,
      update: update("Failed", JOB_MINOR_STATUSES.maxRescheduling),
    }
  }
  try {
    const rules = submissionRules(config, job.vo)
    const again = prepareAgain(extractJdl(original ?? ""), job, rules)
    return { counter, job: again, update: update("Received", JOB_MINOR_STATUSES.rescheduled) }
  } catch (error) {
    if (error instanceof InvalidRequestError) return { counter, refusal: error.message }
    throw error
  }
}

const update = (status: string, minorStatus: string): StatusUpdate => ({
  status,
  minorStatus,
  applicationStatus: "Unknown",
  source: "Unknown",
})
