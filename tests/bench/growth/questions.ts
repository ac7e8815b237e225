import { GROUP, SITE } from "../diracx/rows.ts"
import { header } from "../load/answer.ts"
import type { Connection } from "../load/connection.ts"
import { encodeRequest, type Request } from "../load/request.ts"

/** What is asked of few jobs and of many. */
export interface Question {
  readonly path: string
  readonly body: object
  /** Where a cursor leads: as many pages are read before. */
  readonly pages?: number
  /** Whether its statement may take longer among more jobs. */
  readonly grows?: true
}

const byUpdate = [{ parameter: "LastUpdateTime", direction: "desc" }]
const byStatus = [{ parameter: "Status", direction: "asc" }]
const latest = [{ parameter: "JobID", direction: "desc" }]
const ofGroup = { parameter: "JobGroup", operator: "eq", value: GROUP }
const waiting = { parameter: "Status", operator: "eq", value: "Waiting" }
const ofSite = { parameter: "Site", operator: "eq", value: SITE }

const page = (query: string, body: object, more: Pick<Question, "pages"> = {}): Question => ({
  path: `/api/jobs/search?per_page=100${query}`,
  body,
  ...more,
})
const summary = (body: object): Question => ({ path: "/api/jobs/summary", body, grows: true })

export const QUESTIONS: Readonly<Record<string, Question>> = {
  "keyset, first page": page("&cursor=", {}),
  "keyset, page 50": page("&cursor=", {}, { pages: 49 }),
  "keyset, latest update, page 50": page("&cursor=", { sort: byUpdate }, { pages: 49 }),
  "keyset, by status, page 50": page("&cursor=", { sort: byStatus }, { pages: 49 }),
  "keyset, of a status, page 5": page(
    "&cursor=",
    { search: [waiting], sort: latest },
    { pages: 4 },
  ),
  "numbered, first page": page("", { search: [ofGroup] }),
  "numbered, latest update": page("", { sort: byUpdate }),
  "numbered, page 50": page("&page=50", { search: [ofGroup], sort: latest }),
  "numbered, of a status and site": page("", { search: [waiting, ofSite], sort: latest }),
  "summary by status": summary({ grouping: ["Status"] }),
  "summary of an owner": summary({
    grouping: ["Status"],
    search: [{ parameter: "Owner", operator: "eq", value: "alice" }],
  }),
}

/** The request of a question; a cursor's is the one that leads on from the pages before. */
export async function requestOf(
  { path, body, pages = 0 }: Question,
  ask: (request: Request) => ReturnType<Connection["ask"]>,
): Promise<Request> {
  const request = (way: string): Request => ({ method: "POST", path: way, body })
  let way = path
  for (let read = 0; read < pages; read++) {
    const { head } = await ask(request(way))
    const link = /<(\?[^>]+)>; *rel="?next/.exec(header(head, "link") ?? "")?.[1]
    if (link === undefined) throw new Error(`Page ${read + 1} of ${path} leads nowhere: ${head}`)
    way = path.replace(/\?.*/, link)
  }
  return request(way)
}

/** A request that is made of the same words by all who ask one server. */
export const asker =
  (connection: Connection, { host, token }: { host: string; token: string }) =>
  async (request: Request) => {
    const answer = await connection.ask(encodeRequest(request, { host, token }))
    if (![200, 206].includes(answer.status))
      throw new Error(`wrong answer: ${answer.status} ${answer.body.toString("utf8", 0, 300)}`)
    return answer
  }
