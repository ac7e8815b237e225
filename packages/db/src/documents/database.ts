/** What OpenSearch can do with a field: compare it as a whole, count with it, order it in time, or find words in it. */
export type FieldType = "keyword" | "long" | "date" | "text"

/**
 * A logical database of documents, such as JobParametersDB: what its index template declares, and what
 * its SQL table serves in the same way. A field that is not declared is stored and given back, no more.
 */
export interface DocumentDatabase {
  /** As DIRACX_OS_DB_<NAME> spells it. */
  readonly name: string
  /** With which the names of its indices begin, after the global prefix. */
  readonly indexPrefix: string
  /** The number, such as JobID, of which each index holds a million. */
  readonly numberField: string
  readonly fields: Readonly<Record<string, FieldType>>
  /** Fields that every document has, by which pages can be gone through. */
  readonly required: readonly string[]
  /** Fields that together tell one document from all others; they end every order. */
  readonly key: readonly string[]
  /** The field of type text that is searched by words. */
  readonly textField?: string
  /** Whether a document stays as it was first written; others are laid over what is stored. */
  readonly isWrittenOnce: boolean
  /** When a document was last written, for retention. */
  readonly timeField: string
}

/** A document on its way into a database. */
export interface NewDocument {
  /** Tells it from all others: `_id` in OpenSearch. */
  readonly id: string
  /** The value of the database's number field. */
  readonly number: number
  readonly vo: string
  readonly document: Readonly<Record<string, unknown>>
}
