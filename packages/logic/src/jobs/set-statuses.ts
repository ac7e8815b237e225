import {
  applyStatuses,
  STATUS_DATABASES,
  type StatusResult,
  type StatusUpdates,
} from "./apply-statuses.ts"
import type { JobsVisible } from "@spinor/db/sql/job/records"
import type { JobDeps } from "./deps.ts"
import { mustBeManaged } from "./policy.ts"

/**
 * Applies status updates to jobs (DiracX's set_job_statuses); those that do not exist have failed.
 * @throws ForbiddenError when not all of the jobs are managed by whom `managed` is about
 */
export async function setJobStatuses(
  { sql, clock }: Pick<JobDeps, "sql" | "clock">,
  updates: StatusUpdates,
  { force = false, managed }: { force?: boolean; managed: JobsVisible },
): Promise<StatusResult> {
  return await sql.write(STATUS_DATABASES, async (unit) => {
    const jobIds = [...updates.keys()]
    // Asked for at once, they are one packet on MySQL. The log is read when the jobs are locked: elsewhere, later.
    const [locked, logs] = await Promise.all([
      unit.jobs.lockJobs(jobIds),
      unit.logging.isBeside(unit.jobs) ? unit.logging.summaries(jobIds) : undefined,
    ])
    mustBeManaged(managed, jobIds, locked)
    const options = { now: clock(), force, ...(logs && { logs }) }
    const { changed, failed } = await applyStatuses(unit, locked, updates, options)
    const found = new Set(locked.map(({ jobId }) => jobId))
    const unknown = jobIds.filter((jobId) => !found.has(jobId))
    return {
      changed,
      failed: new Map([...failed, ...unknown.map((jobId) => [jobId, "Not found"] as const)]),
    }
  })
}
