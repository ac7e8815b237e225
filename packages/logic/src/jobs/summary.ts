import type { SummaryParams } from "@spinor/core/models/search"
import { JobDB } from "@spinor/db/sql/job/job-db"
import type { Row } from "@spinor/db/sql/search/search"
import type { JobDeps, JobUser } from "./deps.ts"
import { visibleJobs } from "./visible.ts"

/** Counts the jobs that the user may see, a row for each group. */
export async function summarizeJobs(
  { sql, config, settings }: JobDeps,
  user: JobUser,
  { grouping, search }: SummaryParams,
): Promise<Row[]> {
  const visible = visibleJobs(user, (await config.latest()).config, settings)
  const asked = ["summary of jobs", grouping, search, visible]
  return await sql.read(
    { jobs: JobDB },
    ({ jobs }) => jobs.summary(grouping, search, visible),
    asked,
  )
}
