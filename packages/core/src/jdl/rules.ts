import type { Config } from "../config/schema.ts"
import { JdlError } from "./error.ts"

/** Who submits; a job description cannot name somebody else. */
export interface JobOwner {
  readonly owner: string
  readonly ownerGroup: string
  readonly vo: string
}

/** What the configuration of a VO says about its job descriptions. */
export interface SubmissionRules {
  /** Seconds; the limits hold the default, a value that is given is taken as it is. */
  readonly cpuTime: Limits
  readonly priority: Limits
  readonly allowedJobTypes: readonly string[]
  readonly maxInputData: number
  readonly inputDataModule: string
  readonly softwareDistModule: string
  /** For each platform the platforms that run on it. */
  readonly osCompatibility: Readonly<Record<string, readonly string[]>>
}

interface Limits {
  readonly default: number
  readonly min: number
  readonly max: number
}

/**
 * The rules of a VO.
 * @throws JdlError when the VO is not configured
 */
export function submissionRules(config: Config, vo: string): SubmissionRules {
  const operations = config.Operations[vo]
  if (operations === undefined) throw new JdlError(`VO ${vo} is not configured`)
  const { JobDescription: job, InputDataPolicy: policy, SoftwareDistModule } = operations
  return {
    cpuTime: { default: job.DefaultCPUTime, min: job.MinCPUTime, max: job.MaxCPUTime },
    priority: { default: job.DefaultPriority, min: job.MinPriority, max: job.MaxPriority },
    allowedJobTypes: job.AllowedJobTypes,
    maxInputData: job.MaxInputData,
    inputDataModule: policy.InputDataModule,
    softwareDistModule: SoftwareDistModule,
    osCompatibility: config.Resources.Computing.OSCompatibility,
  }
}
