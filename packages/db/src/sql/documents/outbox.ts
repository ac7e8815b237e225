import { and, count, eq, gt, inArray, isNotNull, isNull, min, sql, type SQL } from "drizzle-orm"
import type { Instant } from "@spinor/core/instant"
import type { NewDocument } from "../../documents/database.ts"
import type { Queries } from "../queries.ts"
import type { Dialect } from "../dialects/dialect.ts"
import type { Columns } from "../dialects/mysql-columns.ts"
import { insertRows } from "../insert-rows.ts"

/** Documents that wait for OpenSearch, in the order in which they came. */
export const outboxTable = (columns: Columns, name: string) => {
  const { table, index, bigSerial, bigint, string, exactString, json, datetime } = columns
  return table(
    name,
    {
      id: bigSerial("ID"),
      /** The database of documents that they are for: "JobParametersDB". */
      database: string("DatabaseName", 32).notNull(),
      documentId: exactString("DocumentID", 64).notNull(),
      number: bigint("Number").notNull(),
      vo: exactString("VO", 128).notNull(),
      document: json("Document").$type<Record<string, unknown>>().notNull(),
      since: datetime("Since").notNull(),
      /** Why OpenSearch will not take it. */
      refusal: exactString("Refusal", 255),
    },
    (outbox) => [index(name, "DocumentID").on(outbox.documentId, outbox.database)],
  )
}

type OutboxTable = ReturnType<typeof outboxTable>

export interface WaitingDocument extends NewDocument {
  readonly row: number
  readonly database: string
}

export interface Backlog {
  readonly database: string
  readonly documents: number
  /** Those of them that OpenSearch refused; they are kept until somebody has mended why. */
  readonly refused: number
  readonly oldest: Instant | undefined
}

/** Which documents are wanted of an outbox; all that were not refused if nothing is said. */
export interface Wanted {
  /** Those for one database of documents only. */
  readonly database?: string
  /** Those that OpenSearch has refused, and no others. */
  readonly refused?: boolean
  /** Those that came after this row. */
  readonly after?: number
}

/** About as much as is sent within the time-out of a write, and held in memory. */
const MAX_LENGTH = 5_000_000

/** The first of the rows that are not longer together; a longer one goes alone. */
function shortEnough(rows: readonly { readonly id: number; readonly length: number }[]): number[] {
  let sum = 0
  const end = rows.findIndex(({ length }) => (sum += length) > MAX_LENGTH)
  return rows.slice(0, end === -1 ? rows.length : Math.max(end, 1)).map(({ id }) => id)
}

/** One outbox, in one unit of work. */
export class Outbox {
  readonly #db: Queries
  readonly #dialect: Dialect
  readonly #table: OutboxTable

  constructor(db: Queries, dialect: Dialect, table: OutboxTable) {
    this.#db = db
    this.#dialect = dialect
    this.#table = table
  }

  /** Which of the documents must wait, because earlier ones with their ids do. */
  async waiting(database: string, ids: readonly string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set()
    const { documentId, database: name, refusal } = this.#table
    const ofThese = this.#dialect.isOneOf(documentId, ids)
    const rows = await this.#db
      .select({ documentId })
      .from(this.#table)
      .where(and(ofThese, eq(name, database), isNull(refusal)))
    return new Set(rows.map((row) => row.documentId))
  }

  async add(database: string, documents: readonly NewDocument[], since: Instant): Promise<void> {
    const rows = documents.map(({ id, number, vo, document }) => {
      return { database, documentId: id, number, vo, document, since }
    })
    await insertRows({ db: this.#db, dialect: this.#dialect }, this.#table, rows)
  }

  /**
   * The oldest documents, which nobody else sends before this unit of work has ended: so many, or fewer
   * that are about a request's length together, but one at least.
   */
  async take(
    limit: number,
    { database: only, refused = false, after = 0 }: Wanted = {},
  ): Promise<WaitingDocument[]> {
    const { id, database, document, refusal } = this.#table
    const length = sql<number>`length(${this.#dialect.asText(document)})`
    const oldest = this.#db
      .select({ id, length })
      .from(this.#table)
      .where(
        and(
          gt(id, after),
          only === undefined ? undefined : eq(database, only),
          refused ? isNotNull(refusal) : isNull(refusal),
        ),
      )
      .orderBy(id)
      .limit(limit)
    const ids = shortEnough(await this.#dialect.lockRows(oldest))
    if (ids.length === 0) return []
    const rows = await this.#db
      .select()
      .from(this.#table)
      .where(this.#dialect.isOneOf(id, ids))
      .orderBy(id)
    return rows.map(({ id: row, documentId, database, number, vo, document }) => {
      return { row, id: documentId, database, number, vo, document }
    })
  }

  async remove(rows: readonly number[]): Promise<void> {
    if (rows.length === 0) return
    await this.#db.delete(this.#table).where(inArray(this.#table.id, [...rows]))
  }

  /** Keeps documents that will not be taken, with the reasons, and lets later ones with their ids pass. */
  async refuse(reasons: ReadonlyMap<number, string>): Promise<void> {
    if (reasons.size === 0) return
    const { id, refusal } = this.#table
    const rows = [...reasons].map(([row, reason]) => [row, this.#dialect.fitting(refusal, reason)])
    const json = this.#dialect.json([id, refusal], rows)
    await this.#db.run(this.#dialect.updateFromJson(this.#table, id, [refusal], json))
  }

  async backlog(): Promise<Backlog[]> {
    const { refusal } = this.#table
    const [all, refused] = [await this.#counted(), await this.#counted(isNotNull(refusal))]
    return all.map(({ database, documents, oldest }) => ({
      database,
      documents,
      oldest: oldest ?? undefined,
      refused: refused.find((other) => other.database === database)?.documents ?? 0,
    }))
  }

  async #counted(only?: SQL) {
    const { database, since } = this.#table
    return await this.#db
      .select({ database, documents: count(), oldest: min(since) })
      .from(this.#table)
      .where(only)
      .groupBy(database)
  }
}
