import type { ConfigSource } from "@spinor/core/config/config-source"
import type { Clock } from "@spinor/core/instant"
import type { SqlDatabases } from "@spinor/db/sql/unit-of-work"
import type { JobDB } from "@spinor/db/sql/job/job-db"
import type { OutboxSender } from "../documents/sender.ts"
import type { DocumentStore } from "../documents/store.ts"

/** What an administrator decides of jobs. */
export interface JobSettings {
  readonly maxJobsPerCall: number
  /** DiracX's behaviour: search shows jobs of every VO to everybody. */
  readonly jobsAcrossVos: boolean
}

/** What operations on jobs need from outside. */
export interface JobDeps {
  readonly sql: SqlDatabases
  readonly config: ConfigSource
  readonly clock: Clock
  readonly settings: JobSettings
  /** What DiracX calls JobParametersDB. */
  readonly jobParameters: DocumentStore<JobDB>
  readonly outbox: OutboxSender
}

/** The user on whose behalf something is done with jobs. */
export interface JobUser {
  readonly vo: string
  readonly group: string
  readonly preferredUsername: string
  readonly properties: ReadonlySet<string>
}
