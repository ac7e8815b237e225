import { epochMilliseconds, type Instant } from "@spinor/core/instant"
import type { JobDB } from "@spinor/db/sql/job/job-db"
import type { JobParameters } from "@spinor/db/sql/job/records"

/** Where the parameters of jobs are kept: what DiracX calls JobParametersDB. */
export interface JobParametersStore {
  /** Lays parameters over those that are stored, in one write, before the unit of work commits. */
  merge(jobs: JobDB, parameters: readonly JobParameters[], now: Instant): Promise<void>
}

/** Keeps them in the SQL database, and so in the same transaction as the jobs. */
export const sqlJobParameters: JobParametersStore = {
  merge: (jobs, parameters, now) =>
    jobs.mergeParameters(parameters.map((each) => ({ ...each, document: stamped(each, now) }))),
}

/** A document says which job it is of, and when it was written: milliseconds since 1970. */
const stamped = ({ jobId, document }: JobParameters, now: Instant) => ({
  JobID: jobId,
  timestamp: epochMilliseconds(now),
  ...withoutNulls(document),
})

/** Null changes nothing, at any depth: laid over a value, it would stay on one database and remove on others. */
const withoutNulls = (document: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(document).flatMap(([name, value]) => {
      if (value === null) return []
      return [[name, isObject(value) ? withoutNulls(value) : value]]
    }),
  )

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
