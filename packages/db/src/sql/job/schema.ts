import type { Columns } from "../dialects/mysql-columns.ts"
import { outboxTable } from "../documents/outbox.ts"

/** JobDB's tables. Names, types and defaults are DIRAC's; indexes that begin with "spinor" are ours. */
export const jobTables = (columns: Columns) => {
  const { table, index, primaryKey, belongsTo, serial, int, string, text, json, datetime } = columns

  const jobJdls = table("JobJDLs", {
    jobId: serial("JobID"),
    jdl: text("JDL").notNull(),
    jobRequirements: text("JobRequirements").notNull(),
    originalJdl: text("OriginalJDL").notNull(),
  })

  const jobs = table(
    "Jobs",
    {
      jobId: int("JobID").primaryKey(),
      jobType: string("JobType", 32).notNull(),
      jobGroup: string("JobGroup", 32).notNull(),
      site: string("Site", 100).notNull(),
      jobName: string("JobName", 128).notNull(),
      owner: string("Owner", 64).notNull(),
      ownerGroup: string("OwnerGroup", 128).notNull(),
      vo: string("VO", 32).notNull(),
      submissionTime: datetime("SubmissionTime"),
      rescheduleTime: datetime("RescheduleTime"),
      lastUpdateTime: datetime("LastUpdateTime"),
      startExecTime: datetime("StartExecTime"),
      heartBeatTime: datetime("HeartBeatTime"),
      endExecTime: datetime("EndExecTime"),
      status: string("Status", 32).notNull(),
      minorStatus: string("MinorStatus", 128).notNull(),
      applicationStatus: string("ApplicationStatus", 255).notNull(),
      userPriority: int("UserPriority").notNull(),
      rescheduleCounter: int("RescheduleCounter").notNull(),
      verifiedFlag: columns.flag("VerifiedFlag").notNull(),
      accountedFlag: columns.accountedFlag("AccountedFlag").notNull(),
    },
    (jobs) => [
      index("Jobs", "JobType").on(jobs.jobType),
      index("Jobs", "JobGroup").on(jobs.jobGroup),
      index("Jobs", "Site").on(jobs.site),
      index("Jobs", "Owner").on(jobs.owner),
      index("Jobs", "OwnerGroup").on(jobs.ownerGroup),
      index("Jobs", "Status").on(jobs.status),
      index("Jobs", "MinorStatus").on(jobs.minorStatus),
      index("Jobs", "ApplicationStatus").on(jobs.applicationStatus),
      index("Jobs", "StatusSite").on(jobs.status, jobs.site),
      index("Jobs", "LastUpdateTime").on(jobs.lastUpdateTime),
      index("Jobs", "spinor_VO_JobGroup").on(
        jobs.vo,
        jobs.jobGroup,
        ...columns.inOrderOf(jobs.jobId),
      ),
      index("Jobs", "spinor_VO_Owner_Status").on(
        jobs.vo,
        jobs.owner,
        jobs.status,
        ...columns.inOrderOf(jobs.jobId),
      ),
      index("Jobs", "spinor_VO_Status").on(jobs.vo, jobs.status, ...columns.inOrderOf(jobs.jobId)),
      index("Jobs", "spinor_SubmissionTime").on(jobs.submissionTime),
      belongsTo("Jobs", jobs.jobId, jobJdls.jobId),
    ],
  )

  const inputData = table(
    "InputData",
    {
      jobId: int("JobID").notNull(),
      lfn: string("LFN", 255).notNull(),
      status: string("Status", 32).notNull(),
    },
    (files) => [
      primaryKey({ name: "InputData_pk", columns: [files.jobId, files.lfn] }),
      belongsTo("InputData", files.jobId, jobs.jobId),
    ],
  )

  /** The three tables of a job's named values are alike. */
  const namedValues = (name: string) =>
    table(
      name,
      {
        jobId: int("JobID").notNull(),
        name: string("Name", 100).notNull(),
        value: text("Value").notNull(),
      },
      (values) => [
        primaryKey({ name: `${name}_pk`, columns: [values.jobId, values.name] }),
        belongsTo(name, values.jobId, jobs.jobId),
      ],
    )

  const atticJobParameters = table(
    "AtticJobParameters",
    {
      jobId: int("JobID").notNull(),
      name: string("Name", 100).notNull(),
      value: text("Value").notNull(),
      rescheduleCycle: int("RescheduleCycle").notNull(),
    },
    (values) => [
      primaryKey({ name: "AtticJobParameters_pk", columns: [values.jobId, values.name] }),
      belongsTo("AtticJobParameters", values.jobId, jobs.jobId),
    ],
  )

  const heartBeatLoggingInfo = table(
    "HeartBeatLoggingInfo",
    {
      jobId: int("JobID").notNull(),
      name: string("Name", 100).notNull(),
      value: text("Value").notNull(),
      heartBeatTime: datetime("HeartBeatTime").notNull(),
    },
    (beats) => [
      primaryKey({
        name: "HeartBeatLoggingInfo_pk",
        columns: [beats.jobId, beats.name, beats.heartBeatTime],
      }),
      belongsTo("HeartBeatLoggingInfo", beats.jobId, jobs.jobId),
    ],
  )

  const jobCommands = table(
    "JobCommands",
    {
      jobId: int("JobID").notNull(),
      command: string("Command", 100).notNull(),
      arguments: string("Arguments", 100).notNull(),
      status: string("Status", 64).notNull(),
      receptionTime: datetime("ReceptionTime").notNull(),
      executionTime: datetime("ExecutionTime"),
    },
    (commands) => [
      primaryKey({ name: "JobCommands_pk", columns: [commands.jobId, commands.receptionTime] }),
      belongsTo("JobCommands", commands.jobId, jobs.jobId),
    ],
  )

  /**
   * The embedded store of what a job tells of itself; a deployment may keep it in OpenSearch. It refers
   * to Jobs by no foreign key: in tables that DIRAC made, the ids are of another type.
   */
  const spinorJobParameters = table("spinor_JobParameters", {
    jobId: int("JobID").primaryKey(),
    vo: string("VO", 32).notNull(),
    /** A JSON object; DiracX's document of JobParametersDB. */
    document: json("Document").$type<Record<string, unknown>>().notNull(),
  })

  return {
    spinorJobParameters,
    spinorOutbox: outboxTable(columns, "spinor_outbox"),
    jobJdls,
    jobs,
    inputData,
    jobParameters: namedValues("JobParameters"),
    optimizerParameters: namedValues("OptimizerParameters"),
    atticJobParameters,
    heartBeatLoggingInfo,
    jobCommands,
  }
}

export type JobTables = ReturnType<typeof jobTables>
