import { InvalidRequestError } from "@spinor/core/errors"
import type { PageRequest, DocumentSearchParams, SearchSpec } from "@spinor/core/models/search"
import type { Confinement } from "@spinor/db/documents/query"
import { sharesIndices } from "@spinor/db/os/index-name"
import { JobDB } from "@spinor/db/sql/job/job-db"
import type { JobsVisible } from "@spinor/db/sql/job/records"
import { documentQuery, foundDocuments, type FoundDocuments } from "../documents/search.ts"
import type { JobDeps, JobUser } from "./deps.ts"
import { visibleJobs } from "./visible.ts"

/** How many numbers OpenSearch takes in one condition (index.max_terms_count). */
const MAX_JOBS = 65_536

/**
 * Searches the parameters of the jobs that the user may see.
 * @throws InvalidRequestError for what cannot be searched so
 */
export async function searchJobParameters(
  { sql, config, settings, jobParameters }: JobDeps,
  user: JobUser,
  params: DocumentSearchParams,
  page: PageRequest,
): Promise<FoundDocuments> {
  const current = (await config.latest()).config
  const visible = visibleJobs(user, current, settings)
  const vos = Object.keys(current.Registry)
  const { declared } = jobParameters
  const asked = documentQuery(declared, params, page)
  return await sql.read({ jobs: JobDB }, async ({ jobs }) => {
    const confinement = await confined(jobs, visible, { vos, search: params.search })
    const query = { ...asked, confinement }
    return foundDocuments(declared, query, await jobParameters.search(jobs, query))
  })
}

/**
 * Documents tell neither the owner nor, but for the index that holds them, the VO of their jobs. Where
 * that is not enough, the jobs are named.
 */
async function confined(
  jobs: JobDB,
  { vo, owner }: JobsVisible,
  { vos, search }: { readonly vos: readonly string[]; readonly search: readonly SearchSpec[] },
): Promise<Confinement> {
  const ofVo = vo === undefined ? {} : { vo }
  if (owner === undefined && (vo === undefined || !sharesIndices(vo, vos))) return ofVo
  const found = await jobs.search(
    {
      parameters: ["JobID"],
      search: search.filter(({ parameter }) => parameter === "JobID"),
      sort: [],
      distinct: false,
    },
    { page: 1, perPage: MAX_JOBS },
    { ...ofVo, ...(owner !== undefined && { owner }) },
  )
  if ((found.total ?? 0) > MAX_JOBS) {
    throw new InvalidRequestError(`These are more than ${MAX_JOBS} jobs: add a condition on JobID`)
  }
  return { ...ofVo, numbers: found.rows.map((row) => Number(row["JobID"])) }
}
