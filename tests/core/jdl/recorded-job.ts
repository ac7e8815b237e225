import { expect } from "vitest"
import type { JobOwner, SubmissionRules } from "@spinor/core/jdl/rules"
import { readSubmission } from "@spinor/core/jdl/submission"

/** A job as the vectors record it; ids begin at 1. */
export interface RecordedJob {
  readonly JobID?: number
  readonly OriginalJDL?: string
  readonly JDL: string
  readonly InputData: readonly unknown[]
  readonly Jobs?: Readonly<Record<string, unknown>>
  readonly JobName?: string
  readonly Status?: string
  readonly MinorStatus?: string
}

export const ALICE: JobOwner = { owner: "alice", ownerGroup: "lhcb_user", vo: "lhcb" }

export const DEFAULT_RULES: SubmissionRules = {
  cpuTime: { default: 86_400, min: 100, max: 500_000 },
  priority: { default: 1, min: 0, max: 10 },
  allowedJobTypes: ["User", "Test", "Hospital"],
  maxInputData: 100,
  inputDataModule: "DIRAC.Core.Utilities.InputDataResolution",
  softwareDistModule: "LocalSoftwareDist",
  osCompatibility: {},
}

/** Submits without a database, and tells the jobs as the vectors do. */
export function submit(
  jdls: readonly string[],
  owner: JobOwner = ALICE,
  rules: SubmissionRules = DEFAULT_RULES,
  maxJobs = 20,
): Required<RecordedJob>[] {
  const { status, minorStatus, jobs } = readSubmission(jdls, owner, rules, maxJobs)
  return jobs.map((job, index) => {
    const { jdl, columns, inputData } = job.finish(index + 1)
    return {
      JobID: index + 1,
      OriginalJDL: job.originalJdl,
      JDL: jdl,
      InputData: inputData,
      Jobs: {
        JobName: columns.jobName,
        JobType: columns.jobType,
        JobGroup: columns.jobGroup,
        Site: columns.site,
        UserPriority: columns.userPriority,
        VerifiedFlag: columns.verifiedFlag,
        Owner: owner.owner,
        OwnerGroup: owner.ownerGroup,
        VO: owner.vo,
        Status: status,
        MinorStatus: minorStatus,
      },
      JobName: columns.jobName,
      Status: status,
      MinorStatus: minorStatus,
    }
  })
}

/** Columns that the database fills in, not the job description. */
const OF_THE_DATABASE = new Set(["AccountedFlag", "ApplicationStatus", "RescheduleCounter"])

export function expectJob(job: RecordedJob | undefined, recorded: RecordedJob): void {
  const columns = Object.entries(recorded.Jobs ?? {}).filter(([name]) => !OF_THE_DATABASE.has(name))
  const fields = Object.entries(recorded).filter(([name]) => !OF_OTHERS.has(name))
  expect(job).toMatchObject({ ...Object.fromEntries(fields), Jobs: Object.fromEntries(columns) })
  expect(new Set(job?.InputData)).toEqual(new Set(recorded.InputData.map(lfnOf)))
}

/** Fields that stay empty, or are compared otherwise. */
const OF_OTHERS = new Set(["Jobs", "InputData", "JobRequirements", "Logging"])

/** A row [LFN, status], or the LFN alone. */
const lfnOf = (row: unknown): unknown => (Array.isArray(row) ? row[0] : row)
