import { InvalidRequestError, NotFoundError } from "@spinor/core/errors"
import { isJobAttribute, type JobMetaData } from "@spinor/core/models/jobs"
import { JobDB } from "@spinor/db/sql/job/job-db"
import type { JobChange } from "@spinor/db/sql/job/records"
import type { JobDeps } from "./deps.ts"
import { jobDocument } from "./parameters.ts"

/** The only attribute that this way may change; statuses and heartbeats have their own. */
const MUTABLE = "Site"

/**
 * Sets attributes and parameters of jobs, all or none of them.
 * @throws InvalidRequestError for an attribute that cannot be changed; NotFoundError for parameters of
 * a job that does not exist
 */
export async function patchMetadata(
  {
    sql,
    clock,
    jobParameters,
    outbox,
  }: Pick<JobDeps, "sql" | "clock" | "jobParameters" | "outbox">,
  updates: ReadonlyMap<number, JobMetaData>,
): Promise<void> {
  const given = new Map([...updates].map(([jobId, metadata]) => [jobId, fieldsOf(metadata)]))
  await sql.write({ jobs: JobDB }, async ({ jobs }, afterCommit) => {
    const now = clock()
    const locked = await jobs.lockJobs([...given.keys()])
    const vos = new Map(locked.map(({ jobId, vo }) => [jobId, vo]))
    const changes = new Map<number, JobChange>()
    const parameters = []
    for (const [jobId, { site, document }] of given) {
      const vo = vos.get(jobId)
      const hasParameters = Object.keys(document).length > 0
      if (vo === undefined && hasParameters) throw new NotFoundError(`Job ${jobId} not found`)
      if (vo === undefined) continue
      if (site !== undefined) changes.set(jobId, { site })
      if (hasParameters) parameters.push(jobDocument({ jobId, vo }, document, now))
    }
    await jobs.updateJobs(changes)
    await jobParameters.write(jobs, parameters, now)
    afterCommit(() => outbox.sendSome(sql))
  })
}

/** What is absent or null is not changed. */
function fieldsOf(metadata: JobMetaData): { site?: string; document: Record<string, unknown> } {
  const fields = Object.entries(metadata).filter(([, value]) => value !== null)
  const fixed = fields.find(([name]) => isJobAttribute(name) && name !== MUTABLE)
  if (fixed !== undefined) {
    throw new InvalidRequestError(
      `Job attribute ${fixed[0]} cannot be modified through this endpoint`,
    )
  }
  const document = Object.fromEntries(fields.filter(([name]) => !isJobAttribute(name)))
  return { document, ...(metadata.Site !== null && { site: metadata.Site }) }
}
