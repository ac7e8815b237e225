import { ForbiddenError } from "@spinor/core/errors"
import { JobDB } from "@spinor/db/sql/job/job-db"
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

/** Pilots and administrators manage every job, users their own: all of the jobs must be there. */
export async function mustManageJobs(
  { sql }: Pick<JobDeps, "sql">,
  user: JobUser,
  jobIds: readonly number[],
): Promise<void> {
  if (user.properties.has("GenericPilot") || user.properties.has("JobAdministrator")) return
  if (!user.properties.has("NormalUser")) throw new ForbiddenError()
  const distinct = [...new Set(jobIds)]
  const owners = await sql.read({ jobs: JobDB }, ({ jobs }) => jobs.ownersOf(distinct))
  const [only] = owners
  const allTheirs =
    owners.length === 1 &&
    only?.owner === user.preferredUsername &&
    only.vo === user.vo &&
    only.jobs === distinct.length
  if (!allTheirs) throw new ForbiddenError()
}
