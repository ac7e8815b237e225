import { createHash } from "node:crypto"
import { InvalidRequestError } from "@spinor/core/errors"
import type { DocumentDatabase } from "./database.ts"
import type { DocumentQuery, Sort, Value } from "./query.ts"

type Asked = Pick<DocumentQuery, "conditions" | "words" | "sorts">

/**
 * An opaque text that stands for the place after a document; it holds for the query that it was made of.
 * It protects nothing: what a caller sees is decided anew.
 */
export const cursorOf = (
  database: DocumentDatabase,
  asked: Asked,
  after: readonly Value[],
): string =>
  Buffer.from(JSON.stringify([digestOf(database, asked), ...after])).toString("base64url")

/** @throws InvalidRequestError for a cursor of another query, and for what is none */
export function readCursor(
  database: DocumentDatabase,
  asked: Asked,
  cursor: string,
): readonly Value[] {
  const [digest, ...after] = parsed(cursor)
  const isOfQuery = digest === digestOf(database, asked) && after.length === asked.sorts.length
  if (isOfQuery && asked.sorts.every((sort, i) => holds(sort, after[i]))) return after as Value[]
  throw new InvalidRequestError("The cursor is not one of this search")
}

/** Whether pages of this order can be gone through: nothing is sorted by that a document may lack. */
export const hasCursor = ({ required }: DocumentDatabase, sorts: readonly Sort[]): boolean =>
  sorts.every(({ field }) => required.includes(field))

const holds = ({ type }: Sort, value: unknown): boolean =>
  type === "keyword" ? typeof value === "string" : Number.isSafeInteger(value)

const digestOf = ({ name }: DocumentDatabase, { conditions, words, sorts }: Asked): string =>
  createHash("sha256")
    .update(JSON.stringify([name, conditions, words, sorts]))
    .digest("base64url")
    .slice(0, 16)

function parsed(cursor: string): unknown[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString())
    return Array.isArray(values) ? values : []
  } catch {
    return []
  }
}
