import { ForbiddenError } from "@spinor/core/errors"
import { JobDB } from "@spinor/db/sql/job/job-db"
import type { JobsVisible, LockedJob } from "@spinor/db/sql/job/records"
import type { JobDeps, JobUser } from "./deps.ts"

// DiracX's WMSAccessPolicy, an action a function.

/** Only users submit jobs, whatever else they may do. */
export function mustSubmitJobs({ properties }: JobUser): void {
  if (!properties.has("NormalUser")) throw new ForbiddenError()
}

export function mustQueryJobs({ properties }: JobUser): void {
  if (!properties.has("NormalUser") && !properties.has("JobAdministrator")) {
    throw new ForbiddenError()
  }
}

/** To pass over the state machine. */
export function mustForceStatuses({ properties }: JobUser): void {
  if (!properties.has("JobAdministrator")) throw new ForbiddenError()
}

/**
 * The jobs that a user manages: pilots and administrators every one, users their own.
 * @throws ForbiddenError for others
 */
export function jobsManagedBy({
  properties,
  vo,
  preferredUsername: owner,
}: JobUser): Pick<JobsVisible, "vo" | "owner"> {
  if (properties.has("GenericPilot") || properties.has("JobAdministrator")) return {}
  if (!properties.has("NormalUser")) throw new ForbiddenError()
  return { vo, owner }
}

/**
 * Looks whether all jobs that were asked for are among those that were found, where only some may be managed.
 * @throws ForbiddenError, which does not tell a job of somebody else's from one that is not there
 */
export function mustBeManaged(
  { vo, owner }: JobsVisible,
  asked: readonly number[],
  found: readonly Pick<LockedJob, "jobId" | "vo" | "owner">[],
): void {
  if (owner === undefined) return
  const theirs = found.filter((job) => job.vo === vo && job.owner === owner)
  if (theirs.length === 0 || theirs.length < new Set(asked).size) throw new ForbiddenError()
}

/** Pilots manage every job; for others it is as for reading. */
export async function mustManageJobs(
  deps: Pick<JobDeps, "sql">,
  user: JobUser,
  jobIds: readonly number[],
): Promise<void> {
  if (!user.properties.has("GenericPilot")) await mustReadJobs(deps, user, jobIds)
}

/** Administrators read every job, users their own: all of the jobs must be there. */
export async function mustReadJobs(
  { sql }: Pick<JobDeps, "sql">,
  user: JobUser,
  jobIds: readonly number[],
): Promise<void> {
  if (user.properties.has("JobAdministrator")) return
  if (!user.properties.has("NormalUser")) throw new ForbiddenError()
  const distinct = [...new Set(jobIds)]
  // Counted where names compare exactly: grouped by owner, `alice` would stand for `Alice` on MySQL.
  const theirs = { vo: user.vo, owner: user.preferredUsername }
  const found = await sql.read({ jobs: JobDB }, ({ jobs }) => jobs.countJobs(distinct, theirs))
  if (distinct.length === 0 || found < distinct.length) throw new ForbiddenError()
}
