import type { Connection } from "mysql2/promise"
import { compressJdl } from "@spinor/core/jdl/compression"

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
export async function storeRows(connection: Connection, jobs: number): Promise<void> {
  await storeJobs(connection, { first: 1, count: jobs, running: runningJobs(jobs).count })
  await storePilots(connection)
}

/** Stores jobs with ids from `first`, in a database that has the tables of DiracX; the same for the same numbers. */
export async function storeJobs(
  connection: Connection,
  { first, count, running }: { first: number; count: number; running: number },
): Promise<void> {
  const ids = `seq_${first}_to_${first + count - 1}`
  const jdl = compressJdl("[]")
  await connection.query(
    `INSERT INTO JobJDLs (JobID, JDL, JobRequirements, OriginalJDL) SELECT seq, ?, '', ? FROM ${ids}`,
    [jdl, jdl],
  )
  const isRunning = `seq < ${first + running}`
  await connection.query(
    `INSERT INTO Jobs (JobID, JobType, JobGroup, Site, JobName, Owner, OwnerGroup, VO, SubmissionTime, LastUpdateTime,
      StartExecTime, HeartBeatTime, EndExecTime, Status, MinorStatus, ApplicationStatus, UserPriority,
      RescheduleCounter, VerifiedFlag, AccountedFlag)
    SELECT seq, 'User', '${GROUP}', CONCAT('LCG.Site', seq % 10, '.org'), 'load',
      IF(${isRunning}, 'alice', CONCAT('user', seq % 50)), 'user', 'testvo', ${time("10:00")}, ${time("11:00")},
      IF(${isRunning} OR seq % 4 < 3, ${time("11:00")}, NULL), ${time("11:30")},
      IF(${isRunning} OR seq % 4 = 3, NULL, ${time("12:00")}),
      IF(${isRunning}, 'Running', ELT(1 + seq % 4, 'Done', 'Done', 'Failed', 'Waiting')),
      IF(${isRunning}, 'Application', ELT(1 + seq % 4, 'Execution Complete', 'Execution Complete',
        'Application Finished With Errors', 'Pilot Agent Submission')),
      'Unknown', 1, 0, 'True', 'False' FROM ${ids}`,
  )
  await connection.query(
    `INSERT INTO LoggingInfo (JobID, SeqNum, Status, MinorStatus, ApplicationStatus, StatusTime, StatusTimeOrder, StatusSource)
    SELECT Jobs.JobID, n.seq, IF(n.seq = 1, 'Received', Jobs.Status), IF(n.seq = 1, 'Job accepted', Jobs.MinorStatus),
      'Unknown', IF(n.seq = 1, ${time("10:00")}, ${time("11:00")}),
      UNIX_TIMESTAMP(IF(n.seq = 1, ${time("10:00")}, ${time("11:00")})) - 1270000000, 'JobManager'
    FROM Jobs JOIN seq_1_to_2 n WHERE Jobs.JobID BETWEEN ${first} AND ${first + count - 1}`,
  )
}

/** Stores pilots that run. */
async function storePilots(connection: Connection): Promise<void> {
  await connection.query(
    `INSERT INTO PilotAgents (InitialJobID, CurrentJobID, PilotJobReference, PilotStamp, DestinationSite, Queue, GridSite,
      VO, GridType, BenchMark, SubmissionTime, LastUpdateTime, Status, StatusReason, AccountingSent)
    SELECT 0, 0, LPAD(seq, 32, '0'), LPAD(seq, 32, '0'), 'ce.example.org', 'queue', 'LCG.Site1.org', 'testvo', 'DIRAC',
      1, ${time("10:00")}, ${time("11:00")}, 'Running', '', 'False' FROM seq_1_to_${PILOTS}`,
  )
}

const time = (ofDay: string): string => `TIMESTAMP'2026-10-01 ${ofDay}:00'`
