import { compressJdl } from "@spinor/core/jdl/compression"
import type { Probe, Words } from "./probe.ts"

/** How many jobs are stored at first, unless it is said otherwise. */
export const JOBS = 10_000

/** Of all jobs that are stored at first. */
export const GROUP = "load"

/** Of a tenth of the jobs. */
export const SITE = "LCG.Site3.org"

/** How many pilots there are. */
export const PILOTS = 2000

/** How many jobs run besides, for what has to find each job once a second at most. */
export const CROWD = 100_000

/** The first jobs run, and are alice's. */
export const runningJobs = (jobs: number) => ({ first: 1, count: Math.floor(jobs * 0.6) })

export const stampOf = (pilot: number): string => pilot.toString().padStart(32, "0")

/** What is stored before the first request. */
export async function storeRows(probe: Probe, jobs: number): Promise<void> {
  await storeJobs(probe, { first: 1, count: jobs, running: runningJobs(jobs).count })
  await storePilots(probe)
  // Else a database would choose its ways by what it believes of empty tables, until it looks by itself.
  await probe.run(probe.words.analyze)
}

/** Stores jobs with ids from `first`, in a database that has the tables of DiracX; the same for the same numbers. */
export async function storeJobs(
  { run, words }: Probe,
  { first, count, running }: { first: number; count: number; running: number },
): Promise<void> {
  const at = timesOf(words)
  const ids = words.series(first, first + count - 1)
  const jdl = compressJdl("[]")
  await run(
    `INSERT INTO JobJDLs (JobID, JDL, JobRequirements, OriginalJDL) SELECT ids.seq, ?, '', ? FROM ${ids} ids`,
    [jdl, jdl],
  )
  const isRunning = `seq < ${first + running}`
  const ended = (done: string, failed: string, waiting: string) =>
    `CASE seq % 4 WHEN 3 THEN '${waiting}' WHEN 2 THEN '${failed}' ELSE '${done}' END`
  await run(
    `INSERT INTO Jobs (JobID, JobType, JobGroup, Site, JobName, Owner, OwnerGroup, VO, SubmissionTime, LastUpdateTime,
      StartExecTime, HeartBeatTime, EndExecTime, Status, MinorStatus, ApplicationStatus, UserPriority,
      RescheduleCounter, VerifiedFlag, AccountedFlag)
    SELECT seq, 'User', '${GROUP}', CONCAT('LCG.Site', seq % 10, '.org'), 'load',
      CASE WHEN ${isRunning} THEN 'alice' ELSE CONCAT('user', seq % 50) END, 'user', 'testvo',
      ${at("10:00", "seq")}, ${at("11:00", "(seq + seq * 7919 % 100000)")},
      CASE WHEN ${isRunning} OR seq % 4 < 3 THEN ${at("11:00")} END, ${at("11:30")},
      CASE WHEN ${isRunning} OR seq % 4 = 3 THEN NULL ELSE ${at("12:00")} END,
      CASE WHEN ${isRunning} THEN 'Running' ELSE ${ended("Done", "Failed", "Waiting")} END,
      CASE WHEN ${isRunning} THEN 'Application' ELSE
        ${ended("Execution Complete", "Application Finished With Errors", "Pilot Agent Submission")} END,
      'Unknown', 1, 0, 'True', 'False' FROM ${ids} ids`,
  )
  await run(
    `INSERT INTO LoggingInfo (JobID, SeqNum, Status, MinorStatus, ApplicationStatus, StatusTime, StatusTimeOrder, StatusSource)
    SELECT Jobs.JobID, n.seq, CASE n.seq WHEN 1 THEN 'Received' ELSE Jobs.Status END,
      CASE n.seq WHEN 1 THEN 'Job accepted' ELSE Jobs.MinorStatus END,
      'Unknown', ${at("10:00", "n.seq")}, ${ORDER} + n.seq, 'JobManager'
    FROM Jobs JOIN ${words.series(1, 2)} n WHERE Jobs.JobID BETWEEN ${first} AND ${first + count - 1}`,
  )
}

/** Stores pilots that run. */
async function storePilots({ run, words }: Probe): Promise<void> {
  const at = timesOf(words)
  const stamp = `SUBSTR(CONCAT('${stampOf(0)}', seq), -32)`
  await run(
    `INSERT INTO PilotAgents (InitialJobID, CurrentJobID, PilotJobReference, PilotStamp, DestinationSite, Queue, GridSite,
      VO, GridType, BenchMark, SubmissionTime, LastUpdateTime, Status, StatusReason, AccountingSent)
    SELECT 0, 0, ${stamp}, ${stamp}, 'ce.example.org', 'queue', 'LCG.Site1.org', 'testvo', 'DIRAC',
      1, ${at("10:00")}, ${at("11:00")}, 'Running', '', 'False' FROM ${words.series(1, PILOTS)} ids`,
  )
}

const DAY = "2026-10-01"

/** When the first job was submitted, as DIRAC orders states: in seconds since its own epoch. */
const ORDER = Date.parse(`${DAY}T10:00:00Z`) / 1000 - 1_270_000_000

const timesOf =
  ({ after }: Words) =>
  (ofDay: string, seconds = "0") =>
    after(`${DAY} ${ofDay}:00`, seconds)
