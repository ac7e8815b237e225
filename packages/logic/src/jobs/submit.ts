import { compressJdl } from "@spinor/core/jdl/compression"
import { submissionRules } from "@spinor/core/jdl/rules"
import { readSubmission, type SubmittedJob } from "@spinor/core/jdl/submission"
import type { InsertedJob } from "@spinor/core/models/jobs"
import { jsonTime } from "@spinor/core/timestamp"
import { JobLoggingDB } from "@spinor/db/sql/job-logging/job-logging-db"
import { JobDB } from "@spinor/db/sql/job/job-db"
import type { JobDeps, JobUser } from "./deps.ts"

/**
 * Submits jobs, all of them or none (DiracX's submit_jdl_jobs).
 * @throws InvalidRequestError for a description that cannot be read, and for too many jobs
 */
export async function submitJobs(
  { sql, config: source, clock, settings }: JobDeps,
  { preferredUsername: owner, group: ownerGroup, vo }: JobUser,
  jdls: readonly string[],
): Promise<InsertedJob[]> {
  const { config } = await source.latest()
  const rules = submissionRules(config, vo)
  const submission = readSubmission(jdls, { owner, ownerGroup, vo }, rules, settings.maxJobsPerCall)
  const { status, minorStatus, jobs: submitted } = submission
  const originals = submitted.map((job) => compressJdl(job.originalJdl))
  const now = clock()

  const jobIds = await sql.write(
    { jobs: JobDB, logging: JobLoggingDB },
    async ({ jobs, logging }) => {
      const ids = await jobs.reserveJobs(originals)
      const reserved = ids.flatMap((jobId, i) => prepared(submitted[i], jobId))
      await jobs.insertJobs(
        reserved.map(({ jobId, jdl, inputData, columns }) => ({
          jdl: compressJdl(jdl),
          inputData,
          columns: {
            ...columns,
            jobId,
            owner,
            ownerGroup,
            vo,
            status,
            minorStatus,
            applicationStatus: "Unknown",
            submissionTime: now,
            lastUpdateTime: now,
            rescheduleCounter: 0,
            accountedFlag: false,
          },
        })),
      )
      await logging.insertRecords(
        ids.map((jobId) => ({
          jobId,
          seqNum: 1,
          status,
          minorStatus,
          applicationStatus: "Unknown",
          statusTime: now,
          source: "JobManager",
        })),
      )
      return ids
    },
  )
  return jobIds.map((jobId) => ({
    JobID: jobId,
    Status: status,
    MinorStatus: minorStatus,
    TimeStamp: jsonTime(now),
  }))
}

const prepared = (job: SubmittedJob | undefined, jobId: number) =>
  job === undefined ? [] : [{ jobId, ...job.finish(jobId) }]
