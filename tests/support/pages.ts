import type { Json, Service } from "./service.ts"

type Answer = Awaited<ReturnType<Service["call"]>>

/** The query of the page to which an answer links. */
export const linked = ({ headers }: Answer): string | undefined =>
  /^<\?([^>]+)>; rel="next"$/.exec(headers.get("link") ?? "")?.[1]

/** The rows of a page and of all that follow it by their links. */
export async function walk(
  search: (query: string, body: object) => Promise<Answer>,
  body: object,
  first: string | undefined,
): Promise<Json[]> {
  const rows: Json[] = []
  for (let query = first, pages = 0; query !== undefined; pages++) {
    const answer = await search(query, body)
    if (answer.status !== 200 || pages > 1000) throw new Error(JSON.stringify(answer.body))
    rows.push(...answer.body)
    query = linked(answer)
  }
  return rows
}
