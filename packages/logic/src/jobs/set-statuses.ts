import {
  applyStatuses,
  STATUS_DATABASES,
  type StatusResult,
  type StatusUpdates,
} from "./apply-statuses.ts"
import type { JobDeps } from "./deps.ts"

/** Applies status updates to jobs (DiracX's set_job_statuses); those that do not exist have failed. */
export async function setJobStatuses(
  { sql, clock }: Pick<JobDeps, "sql" | "clock">,
  updates: StatusUpdates,
  { force = false }: { force?: boolean } = {},
): Promise<StatusResult> {
  return await sql.write(STATUS_DATABASES, async (unit) => {
    const locked = await unit.jobs.lockJobs([...updates.keys()])
    const { changed, failed } = await applyStatuses(unit, locked, updates, { now: clock(), force })
    const found = new Set(locked.map(({ jobId }) => jobId))
    const unknown = [...updates.keys()].filter((jobId) => !found.has(jobId))
    return {
      changed,
      failed: new Map([...failed, ...unknown.map((jobId) => [jobId, "Not found"] as const)]),
    }
  })
}
