import { InvalidRequestError } from "@spinor/core/errors"
import type { PageRequest, SearchParams, SummaryParams } from "@spinor/core/models/search"
import { PilotAgentsDB } from "@spinor/db/sql/pilot/pilot-agents-db"
import type { Row } from "@spinor/db/sql/search/search"
import { resolvePseudoParameter } from "../search/pseudo-parameter.ts"
import { findPage, type FoundRows } from "../search/pages.ts"
import type { PilotDeps, PilotUser } from "./deps.ts"
import { visibleVo } from "./policy.ts"

interface Databases {
  readonly pilots: PilotAgentsDB
}

/**
 * Searches the pilots that the user may see. JobID stands for the pilots on which a job ran.
 * @throws InvalidRequestError for unknown columns and values that cannot be compared
 */
export async function searchPilots(
  { sql }: Pick<PilotDeps, "sql">,
  user: PilotUser,
  params: SearchParams,
  page: PageRequest,
): Promise<FoundRows> {
  const vo = visibleVo(user)
  const find = async ({ pilots }: Databases): Promise<FoundRows> => {
    const search = await resolvePseudoParameter(params.search, {
      name: "JobID",
      column: "PilotID",
      read: jobIdOf,
      idsOf: (jobIds) => pilots.pilotsOfJobs(jobIds),
    })
    if (search === undefined) return { total: 0, rows: [] }
    return await findPage(["pilots", params.search, params.sort, vo], page, (part) =>
      pilots.search({ ...params, search }, part, vo),
    )
  }
  return await sql.read({ pilots: PilotAgentsDB }, find, ["search of pilots", params, page, vo])
}

/** Counts the pilots that the user may see, a row for each group. */
export async function summarizePilots(
  { sql }: Pick<PilotDeps, "sql">,
  user: PilotUser,
  { grouping, search }: SummaryParams,
): Promise<Row[]> {
  const vo = visibleVo(user)
  const asked = ["summary of pilots", grouping, search, vo]
  return await sql.read(
    { pilots: PilotAgentsDB },
    ({ pilots }) => pilots.summary(grouping, search, vo),
    asked,
  )
}

function jobIdOf(value: string | number): number {
  const jobId = Number(value)
  if (String(value).trim() !== "" && Number.isSafeInteger(jobId)) return jobId
  throw new InvalidRequestError("'JobID' pseudo-parameter values must be integers.")
}
