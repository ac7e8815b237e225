import { eq, sql } from "drizzle-orm"
import type { SearchParams, SearchSpec } from "@spinor/core/models/search"
import type { NewDocument } from "../../documents/database.ts"
import { pilotLogsDB } from "../../documents/pilot-logs.ts"
import { pilotParametersDB } from "../../documents/pilot-parameters.ts"
import { wordsOf } from "../../documents/words.ts"
import { SqlDatabase } from "../database.ts"
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
import {
  CHANGEABLE,
  type KnownPilot,
  type LogLine,
  type NewPilot,
  type PilotChange,
} from "./records.ts"
import { pilotTables, type PilotTables } from "./schema.ts"

/** Pilots: the agents that ask for jobs from the worker nodes. */
export class PilotAgentsDB extends SqlDatabase<PilotTables> {
  static readonly databaseName = "PilotAgentsDB"
  static readonly declareTables = pilotTables

  /** @param vo the only VO whose pilots are found, unless it is undefined */
  async search(params: SearchParams, page: RowPage, vo: string | undefined): Promise<SearchResult> {
    return await searchTable(this.#searchable, params, page, this.#confine(vo))
  }

  /** @param vo the only VO whose pilots are counted, unless it is undefined */
  async summary(
    grouping: readonly string[],
    search: readonly SearchSpec[],
    vo: string | undefined,
  ): Promise<Row[]> {
    return await summarizeTable(this.#searchable, grouping, search, this.#confine(vo))
  }

  async withStamps(stamps: readonly string[]): Promise<KnownPilot[]> {
    return await this.rows("pilots", { stamps }, () => this.#selectStamps())
  }

  /** The pilots, locked in the order of their ids. */
  async lockPilots(stamps: readonly string[]): Promise<KnownPilot[]> {
    return await this.rows("lock pilots", { stamps }, () =>
      this.dialect.lockRows(this.#selectStamps()),
    )
  }

  /** Makes everybody else wait who reserves this stamp, until the transaction ends. */
  async reserveStamp(stamp: string): Promise<void> {
    const { spinorPilotStamps: stamps } = this.tables
    await this.insertRows(stamps, [{ stamp }], { key: [stamps.stamp], columns: [stamps.stamp] })
  }

  async insertPilot(pilot: NewPilot): Promise<void> {
    const columns = {
      initialJobId: 0,
      currentJobId: 0,
      queue: "Unknown",
      benchMark: 0,
      statusReason: "Unknown",
      accountingSent: false,
      ...pilot,
    }
    await this.insertRows(this.tables.pilots, [columns])
  }

  /** Changes pilots in one statement, whatever each of them changes. */
  async updatePilots(changes: ReadonlyMap<number, PilotChange>): Promise<void> {
    const { pilots } = this.tables
    const rows = [...changes].map(([pilotId, change]) => [
      pilotId,
      ...CHANGEABLE.map((name) => driverValue(pilots[name], change[name])),
    ])
    const columns = CHANGEABLE.map((name) => pilots[name])
    const json = this.dialect.json([pilots.pilotId, ...columns], rows)
    await this.later("update pilots", { rows: json }, () =>
      this.dialect.updateFromJson(pilots, pilots.pilotId, columns, sql.placeholder("rows")),
    )
  }

  /** The jobs that ran, or run, on the pilots with these stamps. */
  async jobsOfStamps(stamps: readonly string[]): Promise<number[]> {
    const { pilots, jobToPilotMapping } = this.tables
    const rows = await this.db
      .selectDistinct({ jobId: jobToPilotMapping.jobId })
      .from(jobToPilotMapping)
      .innerJoin(pilots, eq(pilots.pilotId, jobToPilotMapping.pilotId))
      .where(this.dialect.isOneOf(pilots.stamp, stamps))
    return rows.map((row) => row.jobId)
  }

  /** The pilots on which the jobs ran, or run. */
  async pilotsOfJobs(jobIds: readonly number[]): Promise<number[]> {
    const { jobToPilotMapping } = this.tables
    const rows = await this.db
      .selectDistinct({ pilotId: jobToPilotMapping.pilotId })
      .from(jobToPilotMapping)
      .where(this.dialect.isOneOf(jobToPilotMapping.jobId, jobIds))
    return rows.map((row) => row.pilotId)
  }

  /** Lays parameters over those that are stored, in one statement. */
  async mergeParameters(documents: readonly NewDocument[]): Promise<void> {
    const { spinorPilotParameters: stored } = this.tables
    const rows = documents.map(({ number, vo, document }) => ({ pilotId: number, vo, document }))
    await this.insertRows(stored, rows, {
      key: [stored.pilotId],
      columns: [stored.document],
      combine: (document, inserted) => this.dialect.mergeJson(document, inserted),
    })
  }

  /** Stores lines of logs, in one statement; a line that is stored already stays. */
  async appendLogs(lines: readonly LogLine[]): Promise<void> {
    const { spinorPilotLogs: stored } = this.tables
    const rows = lines.map((line) => ({ ...line, words: ` ${wordsOf(line.text).join(" ")} ` }))
    const key = [stored.stamp, stored.sequence]
    await this.insertRows(stored, rows, {
      key,
      columns: [stored.stamp],
      combine: (stamp) => sql`${stamp}`,
    })
  }

  /** The parameters of pilots, where they are kept here. */
  get parameters(): SqlDocuments {
    const { spinorPilotParameters: table } = this.tables
    return new SqlDocuments(this.db, this.dialect, {
      declared: pilotParametersDB,
      table,
      columns: { PilotID: table.pilotId, VO: table.vo },
      document: table.document,
      vo: table.vo,
    })
  }

  /** The logs of pilots, where they are kept here. */
  get logs(): SqlDocuments {
    const { spinorPilotLogs: table } = this.tables
    return new SqlDocuments(this.db, this.dialect, {
      declared: pilotLogsDB,
      table,
      columns: {
        PilotID: table.pilotId,
        PilotStamp: table.stamp,
        VO: table.vo,
        Sequence: table.sequence,
        Time: table.time,
        Severity: table.severity,
        Text: table.text,
      },
      words: table.words,
      vo: table.vo,
    })
  }

  /** Parameters and logs of pilots that wait for OpenSearch. */
  get outbox(): Outbox {
    return new Outbox(this.db, this.dialect, this.tables.spinorPilotOutbox)
  }

  #selectStamps() {
    const { pilots } = this.tables
    return this.db
      .select({ pilotId: pilots.pilotId, stamp: pilots.stamp, vo: pilots.vo })
      .from(pilots)
      .where(this.dialect.isInList(pilots.stamp, sql.placeholder("stamps")))
      .orderBy(pilots.pilotId)
  }

  get #searchable() {
    const { pilots } = this.tables
    return {
      db: this.db,
      dialect: this.dialect,
      table: pilots,
      key: pilots.pilotId,
      indexes: [[pilots.status]],
    }
  }

  #confine(vo: string | undefined): Where {
    const { pilots } = this.tables
    return (reading) =>
      vo === undefined ? undefined : this.dialect.confines(pilots.vo, vo, reading(pilots.vo))
  }
}
