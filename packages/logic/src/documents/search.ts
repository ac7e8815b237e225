import { InvalidRequestError } from "@spinor/core/errors"
import type { PageRequest, DocumentSearchParams } from "@spinor/core/models/search"
import { readConditions, readSorts } from "@spinor/db/documents/conditions"
import { cursorOf, hasCursor, valuesIn } from "@spinor/db/documents/cursor"
import type { DocumentDatabase } from "@spinor/db/documents/database"
import type { DocumentPage, DocumentQuery } from "@spinor/db/documents/query"
import { wordsOf } from "@spinor/db/documents/words"

/** A page of documents, as it is answered. */
export interface FoundDocuments {
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  /** Of all pages; undefined where the page was found by a cursor, which never counts. */
  readonly total: number | undefined
  /** Stands for the next page, if there may be one. */
  readonly cursor: string | undefined
}

/** How far OpenSearch counts pages (index.max_result_window). */
const LAST_NUMBERED = 10_000
/** Words beyond these would not be looked for. */
const MAX_WORDS = 100

/**
 * What a search asks of a store of documents, but for what its caller may see.
 * @throws InvalidRequestError for what cannot be searched so, and for a page that only a cursor reaches
 */
export function documentQuery(
  database: DocumentDatabase,
  params: DocumentSearchParams & { readonly text?: string | null },
  { page, perPage, cursor }: PageRequest,
): Omit<DocumentQuery, "confinement"> {
  const conditions = readConditions(database, params.search)
  const asked = {
    conditions,
    words: readWords(params.text ?? null),
    sorts: readSorts(database, params.sort, conditions),
  }
  if (cursor !== undefined && !hasCursor(database, asked.sorts)) {
    throw new InvalidRequestError("A search that is sorted by optional fields has no cursor")
  }
  if (cursor === undefined && page * perPage > LAST_NUMBERED) {
    throw new InvalidRequestError(
      `Numbered pages end at ${LAST_NUMBERED} documents: use the cursor of the Link header`,
    )
  }
  return {
    ...asked,
    fields: params.parameters ?? [],
    size: perPage,
    start: cursor === undefined ? (page - 1) * perPage : valuesIn(database, asked, cursor),
  }
}

/** A page with the cursor of the next one, where its order has one. */
export function foundDocuments(
  database: DocumentDatabase,
  query: DocumentQuery,
  { documents: rows, total, next }: DocumentPage,
): FoundDocuments {
  const goesOn = next !== undefined && hasCursor(database, query.sorts)
  return { rows, total, cursor: goesOn ? cursorOf(database, query, next) : undefined }
}

/** @throws InvalidRequestError for a text without words, which nothing contains */
function readWords(text: string | null): string[] {
  const words = [...new Set(wordsOf(text ?? ""))]
  if (text !== null && words.length === 0) {
    throw new InvalidRequestError("The text to search for holds no words")
  }
  if (words.length > MAX_WORDS) {
    throw new InvalidRequestError(`The text to search for holds more than ${MAX_WORDS} words`)
  }
  return words
}
