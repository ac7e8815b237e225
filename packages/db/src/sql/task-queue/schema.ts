import type { Columns } from "../dialects/mysql-columns.ts"

/** The part of TaskQueueDB that a job leaves when it ends; the matcher brings the rest. */
export const taskQueueTables = (columns: Columns) => {
  const { table, index, primaryKey, belongsTo, serial, int, bigint, double, boolean, string } =
    columns

  const taskQueues = table(
    "tq_TaskQueues",
    {
      tqId: serial("TQId"),
      owner: string("Owner", 255).notNull(),
      ownerGroup: string("OwnerGroup", 32).notNull(),
      vo: string("VO", 32).notNull(),
      cpuTime: bigint("CPUTime").notNull(),
      priority: double("Priority").notNull(),
      enabled: boolean("Enabled").notNull(),
    },
    (queues) => [
      index("tq_TaskQueues", "TQOwner").on(queues.owner, queues.ownerGroup, queues.cpuTime),
    ],
  )

  const jobsQueue = table(
    "tq_Jobs",
    {
      tqId: int("TQId").notNull(),
      jobId: int("JobId").notNull(),
      priority: int("Priority").notNull(),
      realPriority: double("RealPriority").notNull(),
    },
    (jobs) => [
      primaryKey({ name: "tq_Jobs_pk", columns: [jobs.tqId, jobs.jobId] }),
      index("tq_Jobs", "TaskIndex").on(jobs.tqId),
      index("tq_Jobs", "spinor_JobId").on(jobs.jobId),
      belongsTo("tq_Jobs", jobs.tqId, taskQueues.tqId),
    ],
  )

  return { taskQueues, jobsQueue }
}

export type TaskQueueTables = ReturnType<typeof taskQueueTables>
