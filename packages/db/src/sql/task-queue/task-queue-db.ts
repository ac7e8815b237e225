import { SqlDatabase } from "../database.ts"
import { taskQueueTables, type TaskQueueTables } from "./schema.ts"

/** The queues in which jobs wait for a pilot. */
export class TaskQueueDB extends SqlDatabase<TaskQueueTables> {
  static readonly databaseName = "TaskQueueDB"
  static readonly declareTables = taskQueueTables

  async removeJobs(jobIds: readonly number[]): Promise<void> {
    const { jobsQueue } = this.tables
    await this.db.delete(jobsQueue).where(this.dialect.isOneOf(jobsQueue.jobId, jobIds))
  }
}
