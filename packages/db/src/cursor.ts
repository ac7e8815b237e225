import { createHash } from "node:crypto"
import { InvalidRequestError } from "@spinor/core/errors"

/**
 * An opaque text that stands for the place after a row or document, by the values of its sorts; it holds
 * for the query that it was made of. It protects nothing: what a caller sees is decided anew.
 */
export function writeCursor(asked: unknown, after: readonly unknown[]): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([asked, after]))
    .digest("base64url")
  return Buffer.from(JSON.stringify([digest.slice(0, 16), ...after])).toString("base64url")
}

/**
 * The values of the sorts before the place; none in an empty cursor, which stands for the beginning.
 * @throws InvalidRequestError for a cursor of another query, one that was changed, and what is none
 */
export function readCursor(asked: unknown, cursor: string): readonly unknown[] {
  if (cursor === "") return []
  const [, ...after] = parsed(cursor)
  if (cursor === writeCursor(asked, after)) return after
  throw notOfThisSearch()
}

export const notOfThisSearch = () => new InvalidRequestError("The cursor is not one of this search")

function parsed(cursor: string): unknown[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString())
    return Array.isArray(values) ? values : []
  } catch {
    return []
  }
}
