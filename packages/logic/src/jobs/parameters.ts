import { epochMilliseconds, type Instant } from "@spinor/core/instant"
import type { NewDocument } from "@spinor/db/documents/database"
import type { LockedJob } from "@spinor/db/sql/job/records"

/** A document of JobParametersDB: it says which job it is of, and when it was written. */
export const jobDocument = (
  { jobId, vo }: Pick<LockedJob, "jobId" | "vo">,
  parameters: Readonly<Record<string, unknown>>,
  now: Instant,
): NewDocument => ({
  id: String(jobId),
  number: jobId,
  vo,
  document: { timestamp: epochMilliseconds(now), ...parameters, JobID: jobId },
})
