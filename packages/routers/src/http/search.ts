import * as z from "zod"
import { integerWithin, text } from "@spinor/core/models/lax"
import { MAX_PER_PAGE, type PageRequest } from "@spinor/core/models/search"
import { jsonTime } from "@spinor/core/timestamp"
import { json, type Answer } from "./answers.ts"
import { contentRange } from "./content-range.ts"
import { withTimes, type Row } from "./rows.ts"

const Rows = z.array(z.record(z.string(), z.unknown()))

/** A page by its number, or after the one that linked to it. */
export const searchQuery = z.object({
  page: integerWithin({ min: 1 }).default(1),
  per_page: integerWithin({ min: 1, max: MAX_PER_PAGE }).default(100),
  cursor: text.optional().meta({ "x-spinor": true }),
})

type Query = z.output<typeof searchQuery>

const link = { Link: z.string().meta({ "x-spinor": true }) }
const part = { schema: Rows, headers: { "Content-Range": z.string(), ...link } }

/**
 * A page past the end is an empty list, not an error with words. That a page found by a cursor is a 200
 * with a link is not declared: DiracX's 200 has no headers, not even none.
 */
export const searchResponses = {
  200: { schema: Rows },
  206: part,
  416: { ...part, headers: { "Content-Range": z.string() } },
}

/** Of documents, which DiracX does not search. */
export const documentResponses = {
  200: { schema: Rows, headers: link },
  206: part,
  416: part,
}

export const pageOf = ({ page, per_page: perPage, cursor }: Query): PageRequest => ({
  page,
  perPage,
  cursor,
})

/** Rows or documents, as a page of them was found. */
interface Found {
  readonly rows: readonly Row[]
  /** Not told of a page that was found by a cursor. */
  readonly total: number | undefined
  readonly cursor?: string | undefined
}

/** Answers a search with the rows of a page. */
export const foundPage = (unit: string, query: Query, found: Found): Answer =>
  foundPart(unit, query, { ...found, rows: withTimes(found.rows, jsonTime) })

/** Tells which part of the whole a page is, and links to the next one (RFC 8288), relative to the request's address. */
export function foundPart(
  unit: string,
  { page, per_page: perPage }: Query,
  { rows, total, cursor }: Found,
): Answer {
  const next = cursor === undefined ? {} : { link: linkTo(perPage, cursor) }
  if (total === undefined) return json(rows, 200, next)
  const { status, headers } = contentRange(unit, { page, perPage, count: rows.length, total })
  return json(rows, status, { ...headers, ...(page * perPage < total && next) })
}

function linkTo(perPage: number, cursor: string): string {
  const query = new URLSearchParams({ per_page: String(perPage), cursor }).toString()
  return `<?${query}>; rel="next"`
}

/** Answers a summary, whose times are written by another part of FastAPI than a search's. */
export const summarized = (rows: readonly Row[]): Answer =>
  json(withTimes(rows, (at) => jsonTime(at).replace("Z", "+00:00")))
