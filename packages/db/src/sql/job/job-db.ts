import { and, count, eq, sql } from "drizzle-orm"
import type { Instant } from "@spinor/core/instant"
import type { SearchParams, SearchSpec } from "@spinor/core/models/search"
import type { NewDocument } from "../../documents/database.ts"
import { jobParametersDB } from "../../documents/job-parameters.ts"
import { SqlDatabase } from "../database.ts"
import type { Locking } from "../dialects/dialect.ts"
import { Outbox } from "../documents/outbox.ts"
import { SqlDocuments } from "../documents/sql-documents.ts"
import { driverValue } from "../driver-value.ts"
import {
  searchTable,
  summarizeTable,
  type Row,
  type RowPage,
  type SearchResult,
  type Where,
} from "../search/search.ts"
import { newKills } from "./commands.ts"
import {
  CHANGEABLE,
  type HeartbeatRow,
  type JobChange,
  type JobsVisible,
  type LockedJob,
  type NewJob,
  type PendingCommand,
} from "./records.ts"
import { jobTables, type JobTables } from "./schema.ts"

/** Jobs: their state, their descriptions, their input data, and commands to them. */
export class JobDB extends SqlDatabase<JobTables> {
  static readonly databaseName = "JobDB"
  static readonly declareTables = jobTables

  async search(params: SearchParams, page: RowPage, visible: JobsVisible): Promise<SearchResult> {
    return await searchTable(this.#searchable, params, page, this.#confine(visible))
  }

  async summary(
    grouping: readonly string[],
    search: readonly SearchSpec[],
    visible: JobsVisible,
  ): Promise<Row[]> {
    return await summarizeTable(this.#searchable, grouping, search, this.#confine(visible))
  }

  /** How many of the jobs there are, of those that are visible. */
  async countJobs(jobIds: readonly number[], visible: JobsVisible): Promise<number> {
    const { jobs } = this.tables
    const [counted] = await this.db
      .select({ jobs: count() })
      .from(jobs)
      .where(
        and(
          this.dialect.isOneOf(jobs.jobId, jobIds),
          this.#confine(visible)(() => "filtered"),
        ),
      )
    return counted?.jobs ?? 0
  }

  /** Stores the descriptions as they were submitted, and so makes the ids of the jobs, in this order. */
  async reserveJobs(originalJdls: readonly string[]): Promise<number[]> {
    const { jobJdls } = this.tables
    const rows = originalJdls.map((originalJdl) => ({ originalJdl, jdl: "", jobRequirements: "" }))
    return await this.insertForIds(jobJdls, jobJdls.jobId, rows)
  }

  /** Stores the jobs whose ids were reserved in the same unit of work. */
  async insertJobs(newJobs: readonly NewJob[]): Promise<void> {
    const { jobs, inputData } = this.tables
    await this.updateJdls(new Map(newJobs.map(({ columns: { jobId }, jdl }) => [jobId, jdl])))
    await this.insertRows(
      jobs,
      newJobs.map((job) => job.columns),
    )
    await this.insertRows(
      inputData,
      newJobs.flatMap(({ columns: { jobId }, inputData: lfns }) =>
        lfns.map((lfn) => ({ jobId, lfn, status: "AprioriGood" })),
      ),
    )
  }

  /** Reads what a status update depends on, and locks the jobs in the order of their ids. */
  async lockJobs(jobIds: readonly number[], locking?: Locking): Promise<LockedJob[]> {
    const { jobs } = this.tables
    const name = locking?.skipLocked ? "lock free jobs" : "lock jobs"
    return await this.rows(name, { jobIds }, () => {
      const select = this.db
        .select({
          jobId: jobs.jobId,
          owner: jobs.owner,
          ownerGroup: jobs.ownerGroup,
          vo: jobs.vo,
          status: jobs.status,
          minorStatus: jobs.minorStatus,
          rescheduleCounter: jobs.rescheduleCounter,
          verifiedFlag: jobs.verifiedFlag,
          startExecTime: jobs.startExecTime,
          endExecTime: jobs.endExecTime,
        })
        .from(jobs)
        .where(this.dialect.isInList(jobs.jobId, sql.placeholder("jobIds")))
        .orderBy(jobs.jobId)
      return this.dialect.lockRows(select, locking)
    })
  }

  /** Changes jobs in one statement, whatever each of them changes. */
  async updateJobs(wanted: ReadonlyMap<number, JobChange>): Promise<void> {
    const { jobs } = this.tables
    const changes = new Map([...wanted].map(([jobId, change]) => [jobId, this.#fitting(change)]))
    const distinct = new Set([...changes.values()].map((change) => JSON.stringify(change)))
    const [first] = changes.values()
    if (first === undefined) return
    if (distinct.size === 1) {
      await this.#updateAlike([...changes.keys()], first)
      return
    }
    const columns = CHANGEABLE.map((name) => jobs[name])
    const rows = [...changes].map(([jobId, change]) =>
      [jobId as unknown].concat(CHANGEABLE.map((name) => driverValue(jobs[name], change[name]))),
    )
    const json = this.dialect.json([jobs.jobId, ...columns], rows)
    await this.later("update jobs", { rows: json }, () =>
      this.dialect.updateFromJson(jobs, jobs.jobId, columns, sql.placeholder("rows")),
    )
  }

  /** Stores measurements; of two in the same second, the last one. */
  async insertHeartbeats(rows: readonly HeartbeatRow[]): Promise<void> {
    const { heartBeatLoggingInfo: beats } = this.tables
    const key = [beats.jobId, beats.name, beats.heartBeatTime]
    await this.insertRows(beats, rows, { key, columns: [beats.value] })
  }

  /** The commands that wait for the jobs. */
  async waitingCommands(jobIds: readonly number[]): Promise<PendingCommand[]> {
    const { jobCommands } = this.tables
    return await this.rows("waiting commands", { jobIds }, () =>
      this.db
        .select({
          jobId: jobCommands.jobId,
          command: jobCommands.command,
          arguments: jobCommands.arguments,
        })
        .from(jobCommands)
        .where(this.#areWaiting())
        .orderBy(jobCommands.jobId, jobCommands.receptionTime),
    )
  }

  /** Marks commands as sent that wait for jobs whose rows are locked. */
  async markSent(commands: readonly PendingCommand[]): Promise<void> {
    const { jobCommands } = this.tables
    const jobIds = [...new Set(commands.map(({ jobId }) => jobId))]
    if (jobIds.length === 0) return
    await this.later("sent commands", { jobIds }, () =>
      this.db.update(jobCommands).set({ status: "Sent" }).where(this.#areWaiting()),
    )
  }

  /** Lays parameters over those that are stored, in one statement. */
  async mergeParameters(documents: readonly NewDocument[]): Promise<void> {
    const { spinorJobParameters: stored } = this.tables
    const rows = documents.map(({ number, vo, document }) => ({ jobId: number, vo, document }))
    await this.insertRows(stored, rows, {
      key: [stored.jobId],
      columns: [stored.document],
      combine: (document, inserted) => this.dialect.mergeJson(document, inserted),
    })
  }

  /** The parameters of jobs, where they are kept here. */
  get parameters(): SqlDocuments {
    const { spinorJobParameters: table } = this.tables
    return new SqlDocuments(this.db, this.dialect, {
      declared: jobParametersDB,
      table,
      columns: { JobID: table.jobId },
      document: table.document,
      vo: table.vo,
    })
  }

  /** The parameters of jobs that wait for OpenSearch. */
  get outbox(): Outbox {
    return new Outbox(this.db, this.dialect, this.tables.spinorOutbox)
  }

  /** The descriptions as they were submitted, compressed. */
  async originalJdls(jobIds: readonly number[]): Promise<Map<number, string>> {
    const { jobJdls } = this.tables
    const rows = await this.db
      .select({ jobId: jobJdls.jobId, originalJdl: jobJdls.originalJdl })
      .from(jobJdls)
      .where(this.dialect.isOneOf(jobJdls.jobId, jobIds))
    return new Map(rows.map((row) => [row.jobId, row.originalJdl]))
  }

  /** Replaces the prepared descriptions of jobs, compressed. */
  async updateJdls(jdls: ReadonlyMap<number, string>): Promise<void> {
    const { jobJdls } = this.tables
    // They are there, so nothing is inserted; on MySQL this takes half as long as an update of many rows.
    const rows = [...jdls].map(([jobId, jdl]) => {
      return { jobId, jdl, jobRequirements: "", originalJdl: "" }
    })
    await this.insertRows(jobJdls, rows, { key: [jobJdls.jobId], columns: [jobJdls.jdl] })
  }

  /** Leaves a Kill for the next heartbeat of each job, unless one is waiting there. */
  async commandKill(jobIds: readonly number[], at: Instant): Promise<void> {
    const { jobCommands } = this.tables
    const earlier = await this.db
      .select({
        jobId: jobCommands.jobId,
        command: jobCommands.command,
        status: jobCommands.status,
        receptionTime: jobCommands.receptionTime,
      })
      .from(jobCommands)
      .where(this.dialect.isOneOf(jobCommands.jobId, jobIds))
    await this.insertRows(jobCommands, newKills(jobIds, at, earlier))
  }

  /** Drops the commands that wait for the jobs, whose rows are locked: they were for a run that is over. */
  async dropCommands(jobIds: readonly number[]): Promise<void> {
    if (jobIds.length === 0) return
    const { jobCommands } = this.tables
    await this.db
      .delete(jobCommands)
      .where(
        and(this.dialect.isOneOf(jobCommands.jobId, jobIds), eq(jobCommands.status, "Received")),
      )
  }

  #areWaiting() {
    const { jobCommands } = this.tables
    return and(
      this.dialect.isInList(jobCommands.jobId, sql.placeholder("jobIds")),
      eq(jobCommands.status, "Received"),
    )
  }

  async #updateAlike(jobIds: readonly number[], change: JobChange): Promise<void> {
    const { jobs } = this.tables
    const names = CHANGEABLE.filter((name) => change[name] !== undefined)
    const values = names.map((name) => [name, driverValue(jobs[name], change[name])])
    const given = { jobIds, ...Object.fromEntries(values) }
    await this.later(`update jobs alike: ${names.join(" ")}`, given, () =>
      this.db
        .update(jobs)
        .set(Object.fromEntries(names.map((name) => [name, sql`${sql.placeholder(name)}`])))
        .where(this.dialect.isInList(jobs.jobId, sql.placeholder("jobIds"))),
    )
  }

  /** Of a long application status the beginning is kept: it comes from outside and must not lose the rest. */
  #fitting(change: JobChange): JobChange {
    const { applicationStatus } = change
    if (applicationStatus === undefined) return change
    const column = this.tables.jobs.applicationStatus
    return { ...change, applicationStatus: this.dialect.fitting(column, applicationStatus) }
  }

  get #searchable() {
    const { jobs } = this.tables
    return {
      db: this.db,
      dialect: this.dialect,
      table: jobs,
      key: jobs.jobId,
      indexes: [
        [jobs.status, jobs.site],
        [jobs.vo, jobs.owner, jobs.status],
        [jobs.vo, jobs.status],
        [jobs.vo, jobs.jobGroup],
        [jobs.owner],
        [jobs.site],
        [jobs.status],
      ],
    }
  }

  #confine({ vo, owner }: JobsVisible): Where {
    const { jobs } = this.tables
    return (reading) =>
      and(
        vo === undefined ? undefined : this.dialect.confines(jobs.vo, vo, reading(jobs.vo)),
        owner === undefined
          ? undefined
          : this.dialect.exactly(jobs.owner, owner, reading(jobs.owner)),
      )
  }
}
