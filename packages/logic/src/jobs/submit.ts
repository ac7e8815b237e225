import type { Instant } from "@spinor/core/instant"
import { compressJdl } from "@spinor/core/jdl/compression"
import { submissionRules } from "@spinor/core/jdl/rules"
import { readSubmission, type SubmittedJob } from "@spinor/core/jdl/submission"
import type { InsertedJob } from "@spinor/core/models/jobs"
import { jsonTime } from "@spinor/core/timestamp"
import { JobLoggingDB } from "@spinor/db/sql/job-logging/job-logging-db"
import { JobDB } from "@spinor/db/sql/job/job-db"
import { JoinedWrites } from "@spinor/db/sql/units/joined-writes"
import type { JobDeps, JobUser } from "./deps.ts"

type SubmitDeps = Pick<JobDeps, "sql" | "config" | "clock" | "settings">

/** A job that has no id yet. */
interface Draft {
  readonly job: SubmittedJob
  /** Compressed. */
  readonly originalJdl: string
  readonly beginning: Beginning
}

/** What jobs of one call have in common. */
interface Beginning {
  readonly owner: string
  readonly ownerGroup: string
  readonly vo: string
  readonly status: string
  readonly minorStatus: string
  readonly time: Instant
}

/** Nobody waits for rows of others: two units of work keep both the service and the database busy. */
const joined = new JoinedWrites<readonly Draft[], readonly number[]>({ units: 2, rowsOfCall: 20 })

/** Of a call. Who sends more has others not wait for him. */
const MOST_CHARACTERS = 20_000

/**
 * Submits jobs, all of them or none (DiracX's submit_jdl_jobs).
 * @throws InvalidRequestError for a description that cannot be read, and for too many jobs
 */
export async function submitJobs(
  deps: SubmitDeps,
  { preferredUsername: owner, group: ownerGroup, vo }: JobUser,
  jdls: readonly string[],
): Promise<InsertedJob[]> {
  const { config } = await deps.config.latest()
  const rules = submissionRules(config, vo)
  const user = { owner, ownerGroup, vo }
  const { status, minorStatus, jobs } = readSubmission(
    jdls,
    user,
    rules,
    deps.settings.maxJobsPerCall,
  )
  const time = deps.clock()
  const beginning = { ...user, status, minorStatus, time }
  const jobIds = await store(
    deps,
    jobs.map((job) => ({ job, originalJdl: compressJdl(job.originalJdl), beginning })),
  )
  return jobIds.map((jobId) => ({
    JobID: jobId,
    Status: status,
    MinorStatus: minorStatus,
    TimeStamp: jsonTime(time),
  }))
}

async function store(deps: SubmitDeps, drafts: readonly Draft[]): Promise<readonly number[]> {
  const alone = () => insert(deps, drafts)
  const length = drafts.reduce((sum, { job }) => sum + job.originalJdl.length, 0)
  if (length > MOST_CHARACTERS || drafts.some(({ job }) => hasTwins(job))) return await alone()
  const together = (calls: readonly (readonly Draft[])[]) => insertTogether(deps, calls)
  return await joined.write(deps, { call: drafts, rows: drafts, alone, together })
}

/** MySQL takes names for one that differ in case, and refuses the job: others need not be tried with it. */
const hasTwins = ({ inputData }: SubmittedJob): boolean =>
  new Set(inputData.map((lfn) => lfn.toLowerCase())).size < inputData.length

async function insertTogether(deps: SubmitDeps, calls: readonly (readonly Draft[])[]) {
  const jobIds = await insert(deps, calls.flat())
  return new Map(calls.map((drafts) => [drafts, jobIds.splice(0, drafts.length)]))
}

async function insert({ sql }: SubmitDeps, drafts: readonly Draft[]): Promise<number[]> {
  return await sql.write({ jobs: JobDB, logging: JobLoggingDB }, async ({ jobs, logging }) => {
    const jobIds = await jobs.reserveJobs(drafts.map(({ originalJdl }) => originalJdl))
    const newJobs = jobIds.flatMap((jobId, i) => numbered(drafts[i], jobId))
    await jobs.insertJobs(newJobs.map(newJob))
    await logging.insertRecords(newJobs.map(firstRecord))
    return jobIds
  })
}

const numbered = (draft: Draft | undefined, jobId: number) =>
  draft === undefined ? [] : [{ ...draft.job.finish(jobId), jobId, beginning: draft.beginning }]

type Numbered = ReturnType<typeof numbered>[number]

const newJob = ({ jobId, jdl, inputData, columns, beginning: { time, ...common } }: Numbered) => ({
  jdl: compressJdl(jdl),
  inputData,
  columns: {
    ...columns,
    ...common,
    jobId,
    applicationStatus: "Unknown",
    submissionTime: time,
    lastUpdateTime: time,
    rescheduleCounter: 0,
    accountedFlag: false as const,
  },
})

const firstRecord = ({ jobId, beginning: { status, minorStatus, time } }: Numbered) => ({
  jobId,
  seqNum: 1,
  status,
  minorStatus,
  applicationStatus: "Unknown",
  statusTime: time,
  source: "JobManager",
})
