import {
  applyStatuses,
  STATUS_DATABASES,
  type StatusResult,
  type StatusUnit,
  type StatusUpdates,
} from "./apply-statuses.ts"
import type { Locking } from "@spinor/db/sql/dialects/dialect"
import type { JobsVisible } from "@spinor/db/sql/job/records"
import { JoinedWrites } from "@spinor/db/sql/units/joined-writes"
import type { JobDeps } from "./deps.ts"
import { areManaged, mustBeManaged } from "./policy.ts"

type StatusDeps = Pick<JobDeps, "sql" | "clock">

interface StatusCall {
  readonly updates: StatusUpdates
  readonly managed: JobsVisible
}

const joined = new JoinedWrites<StatusCall, StatusResult>({ units: 1, rowsOfCall: 10 })

/** Who sends more has others not wait for him. */
const MOST_UPDATES = 100

/**
 * Applies status updates to jobs (DiracX's set_job_statuses); those that do not exist have failed.
 * @throws ForbiddenError when not all of the jobs are managed by whom `managed` is about
 */
export async function setJobStatuses(
  deps: StatusDeps,
  updates: StatusUpdates,
  { force = false, managed }: { force?: boolean; managed: JobsVisible },
): Promise<StatusResult> {
  const call = { updates, managed }
  const alone = () => setAlone(deps, call, force)
  const count = [...updates.values()].reduce((sum, { size }) => sum + size, 0)
  if (force || count > MOST_UPDATES) return await alone()
  const together = (calls: readonly StatusCall[]) => setTogether(deps, calls)
  return await joined.write(deps, { call, rows: [...updates.keys()], alone, together })
}

async function setAlone(
  { sql, clock }: StatusDeps,
  { updates, managed }: StatusCall,
  force: boolean,
): Promise<StatusResult> {
  return await sql.write(STATUS_DATABASES, async (unit) => {
    const jobIds = [...updates.keys()]
    const { locked, ...logs } = await lockWithLogs(unit, jobIds)
    mustBeManaged(managed, jobIds, locked)
    const options = { now: clock(), force, ...logs }
    const { changed, failed } = await applyStatuses(unit, locked, updates, options)
    const found = new Set(locked.map(({ jobId }) => jobId))
    const unknown = jobIds.filter((jobId) => !found.has(jobId))
    return {
      changed,
      failed: new Map([...failed, ...unknown.map((jobId) => [jobId, "Not found"] as const)]),
    }
  })
}

/** Of calls that concern different jobs, those whose jobs are all there, managed and not locked by others. */
async function setTogether(
  { sql, clock }: StatusDeps,
  calls: readonly StatusCall[],
): Promise<Map<StatusCall, StatusResult>> {
  return await sql.write(STATUS_DATABASES, async (unit) => {
    const jobIds = calls.flatMap(({ updates }) => [...updates.keys()])
    const { locked, ...logs } = await lockWithLogs(unit, jobIds, { skipLocked: true })
    const free = new Map(locked.map((job) => [job.jobId, job]))
    const served = calls.filter(({ updates, managed }) => areManaged(managed, updates, free))
    const updates = new Map(served.flatMap((call) => [...call.updates]))
    const result = await applyStatuses(unit, locked, updates, { now: clock(), ...logs })
    return new Map(served.map((call) => [call, partOf(result, call)]))
  })
}

/** Asked for at once, they are one packet on MySQL. The log is read when the jobs are locked: elsewhere, later. */
async function lockWithLogs(
  { jobs, logging }: StatusUnit,
  jobIds: readonly number[],
  locking?: Locking,
) {
  const [locked, logs] = await Promise.all([
    jobs.lockJobs(jobIds, locking),
    logging.isBeside(jobs) ? logging.summaries(jobIds) : undefined,
  ])
  return { locked, ...(logs && { logs }) }
}

function partOf({ changed, failed }: StatusResult, { updates }: StatusCall): StatusResult {
  const part = <Value>(whole: ReadonlyMap<number, Value>) =>
    new Map(
      [...updates.keys()].flatMap((jobId) => {
        const value = whole.get(jobId)
        return value === undefined ? [] : [[jobId, value] as const]
      }),
    )
  return { changed: part(changed), failed: part(failed) }
}
