/** A page of a search, as it was found. */
export interface FoundPage {
  readonly page: number
  readonly perPage: number
  readonly count: number
  readonly total: number
}

/**
 * Tells which part of the whole a page is (RFC 9110, section 14.4): 206 for a part, 416 for a page
 * past the end, and nothing when it is all there is.
 */
export function contentRange(
  unit: string,
  { page, perPage, count, total }: FoundPage,
): { status: number; headers: Record<string, string> } {
  if (count === 0 && total > 0) {
    return { status: 416, headers: { "content-range": `${unit} */${total}` } }
  }
  if (count >= total) return { status: 200, headers: {} }
  const first = perPage * (page - 1)
  const range = `${unit} ${first}-${first + count - 1}/${total}`
  return { status: 206, headers: { "content-range": range } }
}
