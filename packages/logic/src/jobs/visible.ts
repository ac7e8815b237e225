import type { Config } from "@spinor/core/config/schema"
import { ForbiddenError } from "@spinor/core/errors"
import type { JobsVisible } from "@spinor/db/sql/job/records"
import type { JobSettings, JobUser } from "./deps.ts"

/**
 * The jobs that a user sees: those of the VO, or of the user alone where GlobalJobsInfo is false. A
 * service administrator sees all.
 * @throws ForbiddenError for a VO that the configuration does not know any more
 */
export function visibleJobs(
  user: JobUser,
  config: Config,
  { jobsAcrossVos }: Pick<JobSettings, "jobsAcrossVos">,
): JobsVisible {
  const operations = config.Operations[user.vo]
  if (operations === undefined) throw new ForbiddenError()
  const confinedToOwn =
    !operations.Services.JobMonitoring.GlobalJobsInfo && !user.properties.has("JobAdministrator")
  const seesAllVos = jobsAcrossVos || user.properties.has("ServiceAdministrator")
  return {
    ...(!seesAllVos && { vo: user.vo }),
    ...(confinedToOwn && { owner: user.preferredUsername }),
  }
}
