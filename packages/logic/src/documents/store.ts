import type { Instant } from "@spinor/core/instant"
import type { DocumentDatabase, NewDocument } from "@spinor/db/documents/database"
import type { DocumentPage, DocumentQuery } from "@spinor/db/documents/query"
import type { Outcome } from "@spinor/db/os/bulk"
import type { TemplateChange } from "@spinor/db/os/put-template"
import type { IndexSize, TemplateState } from "@spinor/db/os/upkeep"
import type { SqlDatabases } from "@spinor/db/sql/unit-of-work"

/**
 * Where the documents of one database are kept: in OpenSearch, or in tables beside those of its owner,
 * JobDB or PilotAgentsDB.
 */
export interface DocumentStore<Owner> {
  readonly declared: DocumentDatabase
  /**
   * Writes documents before the unit of work commits, in one request or statement. An answer means that
   * nothing of them is lost.
   * @throws InvalidRequestError for what cannot be stored
   */
  write(owner: Owner, documents: readonly NewDocument[], now: Instant): Promise<void>
  /** Writes documents that waited in an outbox, and tells what became of each. */
  deliver(owner: Owner, documents: readonly NewDocument[]): Promise<Outcome[]>
  /** @throws UnavailableError while OpenSearch is away */
  search(owner: Owner, query: DocumentQuery): Promise<DocumentPage>
  /** What keeps documents waiting at this moment, in words for people. */
  problem(): string | undefined
  /** For operators. */
  upkeep(sql: SqlDatabases): DocumentUpkeep
}

/** What operators see and do of one database of documents. */
export interface DocumentUpkeep {
  /** "SQL", or the URLs of OpenSearch without secrets. */
  readonly place: string
  status(): Promise<StoreStatus>
  /** Puts the index template where it is missing or another one; undefined where there is none. */
  migrate(): Promise<TemplateChange | undefined>
  /**
   * Removes what was last written before a time, in milliseconds since 1970, and tells how much.
   * `progress` is told how much is gone after each part, and may end it by throwing.
   */
  removeBefore(before: number, progress: (removed: number) => void): Promise<number>
}

export interface StoreStatus {
  /** Of OpenSearch alone. */
  readonly template?: TemplateState
  /** Indices, or the one table. */
  readonly parts: readonly IndexSize[]
}
