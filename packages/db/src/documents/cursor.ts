import { notOfThisSearch, readCursor, writeCursor } from "../cursor.ts"
import type { DocumentDatabase } from "./database.ts"
import type { DocumentQuery, Sort, Value } from "./query.ts"

type Asked = Pick<DocumentQuery, "conditions" | "words" | "sorts">

export const cursorOf = (
  database: DocumentDatabase,
  asked: Asked,
  after: readonly Value[],
): string => writeCursor(told(database, asked), after)

/** @throws InvalidRequestError for a cursor of another query, and for what is none */
export function valuesIn(
  database: DocumentDatabase,
  asked: Asked,
  cursor: string,
): readonly Value[] {
  const after = readCursor(told(database, asked), cursor)
  if (after.length === 0) return []
  const isOfQuery = after.length === asked.sorts.length
  if (isOfQuery && asked.sorts.every((sort, i) => holds(sort, after[i]))) return after as Value[]
  throw notOfThisSearch()
}

/** Whether pages of this order can be gone through: nothing is sorted by that a document may lack. */
export const hasCursor = ({ required }: DocumentDatabase, sorts: readonly Sort[]): boolean =>
  sorts.every(({ field }) => required.includes(field))

const holds = ({ type }: Sort, value: unknown): boolean =>
  type === "keyword" ? typeof value === "string" : Number.isSafeInteger(value)

const told = ({ name }: DocumentDatabase, { conditions, words, sorts }: Asked) => [
  name,
  conditions,
  words,
  sorts,
]
