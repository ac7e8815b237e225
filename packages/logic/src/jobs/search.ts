import { MAX_PER_PAGE, type PageRequest, type SearchParams } from "@spinor/core/models/search"
import { jsonTime } from "@spinor/core/timestamp"
import { JobLoggingDB } from "@spinor/db/sql/job-logging/job-logging-db"
import { JobDB } from "@spinor/db/sql/job/job-db"
import { PilotAgentsDB } from "@spinor/db/sql/pilot/pilot-agents-db"
import type { Row } from "@spinor/db/sql/search/search"
import { findPage, type FoundRows } from "../search/pages.ts"
import { resolvePseudoParameter } from "../search/pseudo-parameter.ts"
import type { JobDeps, JobUser } from "./deps.ts"
import { historyOf } from "./history.ts"
import { visibleJobs } from "./visible.ts"

interface Databases {
  readonly jobs: JobDB
  readonly logging: JobLoggingDB
  readonly pilots: PilotAgentsDB
}

/** Not a column: asks for the job's log. */
const LOGGING_INFO = "LoggingInfo"

/**
 * Searches the jobs that the user may see.
 * @throws InvalidRequestError for unknown columns and values that cannot be compared
 */
export async function searchJobs(
  { sql, config, settings }: JobDeps,
  user: JobUser,
  params: SearchParams,
  page: PageRequest,
): Promise<FoundRows> {
  const visible = visibleJobs(user, (await config.latest()).config, settings)
  const withLog = params.parameters?.includes(LOGGING_INFO) ?? false
  const wanted = {
    jobs: JobDB,
    logging: JobLoggingDB,
    pilots: PilotAgentsDB,
  }
  const find = async ({ jobs, logging, pilots }: Databases): Promise<FoundRows> => {
    const search = await resolvePseudoParameter(params.search, {
      name: "PilotStamp",
      column: "JobID",
      read: String,
      idsOf: (stamps) => pilots.jobsOfStamps(stamps),
    })
    if (search === undefined) return { total: 0, rows: [] }
    const perPage = Math.min(page.perPage, MAX_PER_PAGE)
    const parameters = columns(params.parameters ?? [])
    const asked = ["jobs", params.search, params.sort, visible]
    const found = await findPage(asked, { ...page, perPage }, (part) =>
      jobs.search({ ...params, parameters, search }, part, visible),
    )
    if (!withLog || found.rows.length === 0) return found
    const histories = historyOf(await logging.records(found.rows.map(jobIdOf)))
    const rows = found.rows.map((row) => ({
      ...row,
      [LOGGING_INFO]: (histories.get(jobIdOf(row)) ?? []).map((record) => ({
        Status: record.status,
        MinorStatus: record.minorStatus,
        ApplicationStatus: record.applicationStatus,
        StatusTime: jsonTime(record.statusTime),
        Source: record.source,
      })),
    }))
    return { ...found, rows }
  }
  return await sql.read(wanted, find, ["search of jobs", params, page, visible])
}

/** With the log comes the JobID, unless all columns are asked for anyway. */
function columns(parameters: readonly string[]): string[] {
  const others = parameters.filter((name) => name !== LOGGING_INFO)
  return others.length === 0 || others.length === parameters.length ? others : ["JobID", ...others]
}

const jobIdOf = (row: Row): number => Number(row["JobID"])
