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

/** The jobs that somebody may read or manage: of his VO, and his own, unless nothing is said. */
type JobsOf = Pick<JobsVisible, "vo" | "owner">

/**
 * The jobs that a user reads one by one: administrators every one, users their own.
 * @throws ForbiddenError for others
 */
function jobsReadBy({ properties, vo, preferredUsername: owner }: JobUser): JobsOf {
  if (properties.has("JobAdministrator")) return {}
  if (!properties.has("NormalUser")) throw new ForbiddenError()
  return { vo, owner }
}

/**
 * The jobs that a user manages: pilots every one, others those that they read.
 * @throws ForbiddenError for who reads none
 */
export function jobsManagedBy(user: JobUser): JobsOf {
  return user.properties.has("GenericPilot") ? {} : jobsReadBy(user)
}

/**
 * Looks whether all jobs that were asked for are among those that were found, where only some may be managed.
 * @throws ForbiddenError, which does not tell a job of somebody else's from one that is not there
 */
export function mustBeManaged(
  managed: JobsOf,
  asked: readonly number[],
  found: readonly LockedJob[],
): void {
  if (managed.owner === undefined) return
  mustBeAll(asked, found.filter((job) => isOneOf(managed, job)).length)
}

/** Whether there are jobs that are asked for, and all are managed and among those that were found, by their ids. */
export function areManaged(
  managed: JobsOf,
  asked: ReadonlyMap<number, unknown>,
  found: ReadonlyMap<number, LockedJob>,
): boolean {
  const theirs = [...asked.keys()].map((jobId) => found.get(jobId))
  return theirs.length > 0 && theirs.every((job) => job !== undefined && isOneOf(managed, job))
}

const isOneOf = ({ vo, owner }: JobsOf, job: LockedJob): boolean =>
  owner === undefined || (job.vo === vo && job.owner === owner)

/** @throws ForbiddenError unless the user manages all of the jobs */
export async function mustManageJobs(
  deps: Pick<JobDeps, "sql">,
  user: JobUser,
  jobIds: readonly number[],
): Promise<void> {
  await mustBeAmong(deps, jobsManagedBy(user), jobIds)
}

/** @throws ForbiddenError unless the user reads all of the jobs */
export async function mustReadJobs(
  deps: Pick<JobDeps, "sql">,
  user: JobUser,
  jobIds: readonly number[],
): Promise<void> {
  await mustBeAmong(deps, jobsReadBy(user), jobIds)
}

async function mustBeAmong(
  { sql }: Pick<JobDeps, "sql">,
  theirs: JobsOf,
  jobIds: readonly number[],
): Promise<void> {
  if (theirs.owner === undefined) return
  // Counted where names compare exactly: grouped by owner, `alice` would stand for `Alice` on MySQL.
  const found = await sql.read({ jobs: JobDB }, ({ jobs }) => jobs.countJobs(jobIds, theirs))
  mustBeAll(jobIds, found)
}

/** Of no job, nobody is the owner. */
function mustBeAll(asked: readonly number[], found: number): void {
  if (found === 0 || found < new Set(asked).size) throw new ForbiddenError()
}
