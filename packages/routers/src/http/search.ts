import * as z from "zod"
import { integerWithin } from "@spinor/core/models/lax"
import { MAX_PER_PAGE } from "@spinor/core/models/search"
import { jsonTime } from "@spinor/core/timestamp"
import { json } from "./answers.ts"
import { contentRange } from "./content-range.ts"
import { withTimes, type Row } from "./rows.ts"

const Rows = z.array(z.record(z.string(), z.unknown()))

export const searchQuery = z.object({
  page: integerWithin({ min: 1 }).default(1),
  per_page: integerWithin({ min: 1, max: MAX_PER_PAGE }).default(100),
})

const part = { schema: Rows, headers: { "Content-Range": z.string() } }

/** A page past the end is an empty list, not an error with words. */
export const searchResponses = { 200: { schema: Rows }, 206: part, 416: part }

/** Answers a search with the rows of a page, and tells which part of the whole it is. */
export function foundPage(
  unit: string,
  { page, per_page: perPage }: z.output<typeof searchQuery>,
  { total, rows }: { readonly total: number; readonly rows: readonly Row[] },
): Response {
  const { status, headers } = contentRange(unit, { page, perPage, count: rows.length, total })
  return json(withTimes(rows, jsonTime), status, headers)
}

/** Answers a summary, whose times are written by another part of FastAPI than a search's. */
export const summarized = (rows: readonly Row[]): Response =>
  json(withTimes(rows, (at) => jsonTime(at).replace("Z", "+00:00")))
