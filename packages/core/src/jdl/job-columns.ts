import { type ClassAd, integerOf, listOf, textOf } from "./class-ad.ts"
import { JdlError } from "./error.ts"

/** The columns of table Jobs that a job description fills. */
export interface JobColumns {
  readonly jobName: string
  readonly jobType: string
  readonly jobGroup: string
  readonly site: string
  readonly userPriority: number
  readonly verifiedFlag: true
}

const MAX_INT = 2n ** 31n

/**
 * Reads the columns of table Jobs, with DIRAC's defaults.
 * @throws JdlError when a value does not fit its column
 */
export const jobColumns = (ad: ClassAd): JobColumns => ({
  jobName: fitting("JobName", textOf(ad, "JobName"), 128) || "Unknown",
  jobType: fitting("JobType", textOf(ad, "JobType"), 32) || "user",
  jobGroup: fitting("JobGroup", textOf(ad, "JobGroup"), 32) || "00000000",
  site: siteOf(textOf(ad, "Site")),
  userPriority: priorityOf(ad),
  verifiedFlag: true,
})

const siteOf = (site: string): string =>
  site.includes(",") ? "Multiple" : fitting("Site", site, 100) || "ANY"

/**
 * The logical file names that a job reads, each once.
 * @throws JdlError when a name does not fit its column
 */
export const inputData = (ad: ClassAd): string[] => [
  ...new Set(
    listOf(ad, "InputData")
      .filter((lfn) => lfn !== "")
      .map((lfn) => fitting("An LFN of InputData", lfn, 255)),
  ),
]

function priorityOf(ad: ClassAd): number {
  const priority = integerOf(ad, "Priority") ?? 0n
  if (priority >= MAX_INT || priority < -MAX_INT) throw new JdlError("Priority is out of range")
  return Number(priority)
}

function fitting(what: string, value: string, limit: number): string {
  if (value.length > limit && Array.from(value).length > limit) {
    throw new JdlError(`${what} is longer than ${limit} characters`)
  }
  return value
}
