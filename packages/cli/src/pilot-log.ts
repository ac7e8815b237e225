import * as z from "zod"
import type { Condition, Sort } from "./conditions.ts"
import { readAnswer, type Http } from "./http.ts"

const Line = z.looseObject({
  Sequence: z.int(),
  Time: z.string(),
  Severity: z.string(),
  Text: z.string(),
})
export type Line = z.output<typeof Line>

export interface LogSearch {
  readonly search: readonly Condition[]
  /** Words that all occur in a line. */
  readonly text?: string | undefined
}

const PATH = "/api/pilots/logs/search"
const PER_PAGE = 1000

/** The first lines of a log in the order of their numbers, page by page. */
export const firstLines = (
  http: Http,
  wanted: LogSearch,
  limit = Infinity,
): AsyncGenerator<Line[]> =>
  pages(http, { ...wanted, sort: [{ parameter: "Sequence", direction: "asc" }] }, limit)

/** The last lines of a log, in the same order. */
export async function lastLines(http: Http, wanted: LogSearch, limit: number): Promise<Line[]> {
  const sort: Sort[] = [{ parameter: "Sequence", direction: "desc" }]
  const found: Line[] = []
  for await (const lines of pages(http, { ...wanted, sort }, limit)) found.push(...lines)
  return found.reverse()
}

async function* pages(
  http: Http,
  wanted: LogSearch & { readonly sort: readonly Sort[] },
  limit: number,
): AsyncGenerator<Line[]> {
  let path: string | undefined = `${PATH}?per_page=${Math.min(limit, PER_PAGE)}`
  for (let left = limit; path !== undefined && left > 0;) {
    const answer = await http({ method: "POST", path, json: wanted, reads: true })
    const lines = readAnswer(z.array(Line), answer).slice(0, left)
    left -= lines.length
    yield lines
    path = nextPage(path, answer.headers)
  }
}

/** What the answer links to (RFC 8288), relative to where it came from. */
function nextPage(path: string, headers: Headers): string | undefined {
  const target = /<([^>]*)>;\s*rel="?next"?/.exec(headers.get("link") ?? "")?.[1]
  if (target === undefined) return undefined
  const { pathname, search } = new URL(target, new URL(path, "http://service.invalid"))
  return `${pathname}${search}`
}
