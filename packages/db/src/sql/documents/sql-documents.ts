import { and, count, getTableName, lt, sql } from "drizzle-orm"
import type { DocumentPage, DocumentQuery } from "../../documents/query.ts"
import type { Queries } from "../queries.ts"
import type { Dialect } from "../dialects/dialect.ts"
import { fieldOf, type DocumentTable } from "./document-table.ts"
import { searchDocuments } from "./search.ts"

/** Pilots, or jobs, of which documents are removed at once. */
const PART = 1000

/** The documents of one database in SQL, in one unit of work. */
export class SqlDocuments {
  readonly #db: Queries
  readonly #dialect: Dialect
  readonly #documents: DocumentTable

  constructor(db: Queries, dialect: Dialect, documents: DocumentTable) {
    this.#db = db
    this.#dialect = dialect
    this.#documents = documents
  }

  async search(query: DocumentQuery): Promise<DocumentPage> {
    return await searchDocuments({ db: this.#db, dialect: this.#dialect }, this.#documents, query)
  }

  /** The table, with the number of its documents. */
  async size(): Promise<{ name: string; documents: number; bytes: undefined }> {
    const { table } = this.#documents
    const [counted] = await this.#db.select({ documents: count() }).from(table)
    return { name: getTableName(table), documents: counted?.documents ?? 0, bytes: undefined }
  }

  /** Removes some of the documents written before a time, in milliseconds since 1970; tells how many. */
  async removeBefore(before: number): Promise<number> {
    const { table, declared } = this.#documents
    const number = fieldOf(
      this.#documents,
      { field: declared.numberField, type: "long" },
      this.#dialect,
    )
    const isOld = lt(sql`${this.#time}`, before)
    const rows = await this.#db
      .selectDistinct({ number: sql<number>`${number}` })
      .from(table)
      .where(isOld)
      .limit(PART)
    if (rows.length === 0) return 0
    const ofThese = this.#dialect.isOneOf(
      number,
      rows.map((row) => row.number),
    )
    return this.#dialect.affectedRows(await this.#db.delete(table).where(and(ofThese, isOld)))
  }

  get #time() {
    const { timeField } = this.#documents.declared
    return fieldOf(this.#documents, { field: timeField, type: "date" }, this.#dialect)
  }
}
