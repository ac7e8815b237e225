import type { PageRequest } from "@spinor/core/models/search"
import { readCursor, writeCursor } from "@spinor/db/cursor"
import type { Row, RowPage, SearchResult } from "@spinor/db/sql/search/search"

/** A page of rows, as it is answered. */
export interface FoundRows {
  readonly rows: readonly Row[]
  /** Of all pages; undefined where the page was found by a cursor, which never counts. */
  readonly total: number | undefined
  /** Stands for the next page, if there may be one. */
  readonly cursor?: string | undefined
}

/**
 * Finds a page by its number or cursor.
 * @param asked what is searched and what the caller sees of it: a cursor holds for that alone
 * @throws InvalidRequestError for a cursor of another search
 */
export async function findPage(
  asked: unknown,
  { cursor, ...page }: PageRequest,
  find: (page: RowPage) => Promise<SearchResult>,
): Promise<FoundRows> {
  const after = cursor === undefined ? undefined : readCursor(asked, cursor)
  const { next, ...found } = await find({ ...page, after })
  return { ...found, cursor: next && writeCursor(asked, next) }
}
