import * as z from "zod"
import { text } from "@spinor/core/models/lax"
import type { DocumentPageRequest } from "@spinor/core/models/search"
import type { FoundDocuments } from "@spinor/logic/documents/search"
import { json } from "./answers.ts"
import { contentRange } from "./content-range.ts"
import { searchQuery } from "./search.ts"

const Rows = z.array(z.record(z.string(), z.unknown()))

/** A page by number, or after the one that gave the cursor. */
export const documentQuery = searchQuery.extend({ cursor: text.optional() })

type Query = z.output<typeof documentQuery>

const link = { Link: z.string() }
const part = { schema: Rows, headers: { "Content-Range": z.string(), ...link } }

export const documentResponses = { 200: { schema: Rows, headers: link }, 206: part, 416: part }

export const pageOf = ({ page, per_page: perPage, cursor }: Query): DocumentPageRequest => ({
  page,
  perPage,
  cursor,
})

/**
 * Answers a page of documents. The next one is linked (RFC 8288), relative to the address of the request;
 * of a page that was found by a cursor it is not told how many there are.
 */
export function foundDocuments(
  unit: string,
  { page, per_page: perPage, cursor: from }: Query,
  { rows, total, cursor }: FoundDocuments,
): Response {
  const next = cursor === undefined ? {} : { link: linkTo(perPage, cursor) }
  if (from !== undefined || total === undefined) return json(rows, 200, next)
  const { status, headers } = contentRange(unit, { page, perPage, count: rows.length, total })
  return json(rows, status, { ...headers, ...(status === 206 && next) })
}

function linkTo(perPage: number, cursor: string): string {
  const query = new URLSearchParams({ per_page: String(perPage), cursor }).toString()
  return `<?${query}>; rel="next"`
}
