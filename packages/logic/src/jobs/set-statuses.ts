import {
  applyStatuses,
  STATUS_DATABASES,
  type StatusResult,
  type StatusUpdates,
} from "./apply-statuses.ts"
import type { JobsVisible } from "@spinor/db/sql/job/records"
import { JoinedWrites, refusals } from "@spinor/db/sql/units/joined-writes"
import type { JobDeps } from "./deps.ts"
import { mustBeManaged } from "./policy.ts"

interface StatusCall {
  readonly updates: StatusUpdates
  readonly managed: JobsVisible
}

const joined = new JoinedWrites<StatusCall, StatusResult>()

/**
 * Applies status updates to jobs (DiracX's set_job_statuses); those that do not exist have failed.
 * @throws ForbiddenError when not all of the jobs are managed by whom `managed` is about
 */
export async function setJobStatuses(
  deps: Pick<JobDeps, "sql" | "clock">,
  updates: StatusUpdates,
  { force = false, managed }: { force?: boolean; managed: JobsVisible },
): Promise<StatusResult> {
  const call = { updates, managed }
  if (force) return (await setStatusesOf(deps, [call], force))(call)
  return await joined.write(deps.sql, call, [...updates.keys()], (calls) =>
    setStatusesOf(deps, calls, force),
  )
}

/** Of calls that concern different jobs. */
async function setStatusesOf(
  { sql, clock }: Pick<JobDeps, "sql" | "clock">,
  calls: readonly StatusCall[],
  force: boolean,
): Promise<(call: StatusCall) => StatusResult> {
  return await sql.write(STATUS_DATABASES, async (unit) => {
    const jobIds = calls.flatMap(({ updates }) => [...updates.keys()])
    // Asked for at once, they are one packet on MySQL. The log is read when the jobs are locked: elsewhere, later.
    const [locked, logs] = await Promise.all([
      unit.jobs.lockJobs(jobIds),
      unit.logging.isBeside(unit.jobs) ? unit.logging.summaries(jobIds) : undefined,
    ])
    const found = new Map(locked.map((job) => [job.jobId, job]))
    const refused = refusals(calls, ({ updates, managed }) =>
      mustBeManaged(managed, [...updates.keys()], [...only(found, updates).values()]),
    )
    const permitted = calls.filter((call) => !refused.has(call))
    const updates = new Map(permitted.flatMap((call) => [...call.updates]))
    const options = { now: clock(), force, ...(logs && { logs }) }
    const { changed, failed } = await applyStatuses(unit, locked, updates, options)
    const unknown = jobIds.filter((jobId) => !found.has(jobId))
    const notDone = new Map([...failed, ...unknown.map((jobId) => [jobId, "Not found"] as const)])
    return (call) => {
      if (refused.has(call)) throw refused.get(call)
      return { changed: only(changed, call.updates), failed: only(notDone, call.updates) }
    }
  })
}

/** Of what is known of jobs, that of those which are keys of another map. */
const only = <Value>(
  known: ReadonlyMap<number, Value>,
  wanted: ReadonlyMap<number, unknown>,
): Map<number, Value> => new Map([...known].filter(([jobId]) => wanted.has(jobId)))
