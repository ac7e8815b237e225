import * as z from "zod"
import { nullable, text } from "@spinor/core/models/lax"
import { epochMilliseconds, type Instant } from "@spinor/core/instant"

export interface Representation {
  /** Sent bare, as DiracX sends it. */
  readonly etag: string
  readonly modified: Instant
}

/** The headers by which a client says what it has. */
export const conditions = z.object({
  "if-none-match": nullable(text),
  "if-modified-since": nullable(text),
})

/** The caching headers of a representation, and whether the client has it already (RFC 9110, section 13). */
export function cached(
  { etag, modified }: Representation,
  given: z.output<typeof conditions>,
): { fresh: boolean; headers: Record<string, string> } {
  const seconds = Math.floor(epochMilliseconds(modified) / 1000)
  const headers = { etag, "last-modified": new Date(seconds * 1000).toUTCString() }
  const fresh =
    names(given["if-none-match"], etag) || notBefore(given["if-modified-since"], seconds)
  return { fresh, headers }
}

/** A list may hold the tag bare, as DiracX sends it, or quoted, as the RFC has it. */
const names = (list: string | null, etag: string): boolean =>
  list !== null &&
  list.split(",").some((each) => each.trim().replace(/^(?:W\/)?"(.*)"$/, "$1") === etag)

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

const notBefore = (date: string | null, seconds: number): boolean =>
  date !== null && HTTP_DATE.test(date) && Date.parse(date) >= seconds * 1000
