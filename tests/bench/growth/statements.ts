import type { Candidate } from "../diracx/measure.ts"
import { openConnection } from "../load/connection.ts"
import { median } from "../load/statistics.ts"
import { asker, QUESTIONS, requestOf, type Question } from "./questions.ts"
import type { Statement, StatementLog } from "./statement-log.ts"

/** How long a statement takes among few jobs and among many. */
export interface Growth {
  readonly what: string
  /** Medians of milliseconds. */
  readonly few: number
  readonly many: number
  /** That it looks at. */
  readonly rowsFew: number
  readonly rowsMany: number
  /** How many times as long it may take. */
  readonly limit: number | undefined
}

/** Of a page. */
const LIMIT = 1.5

const WARM_UP = 3

/** How often each is asked: so often at most and at least, and for so long where that is too often. */
const TIMES = { most: 100, least: 5, seconds: 10 }

/** Asks both servers in turns, one thing at a time, and has MariaDB say how long its statements took. */
export async function growthOfStatements(
  candidates: readonly [few: Candidate, many: Candidate],
  log: StatementLog,
  token: string,
): Promise<Growth[]> {
  const servers = await Promise.all(
    candidates.map(async ({ name, server }) => {
      const url = new URL(server.url)
      const connection = await openConnection(url)
      return { name, connection, ask: asker(connection, { host: url.host, token }) }
    }),
  )
  const found: Growth[] = []
  for (const [what, question] of Object.entries(QUESTIONS)) {
    const asking = []
    for (const { name, ask } of servers) {
      asking.push({ name, ask, request: await requestOf(question, ask) })
    }
    for (let time = 0; time < WARM_UP; time++)
      for (const { ask, request } of asking) await ask(request)
    await log.clear()
    const end = performance.now() + TIMES.seconds * 1000
    for (let time = 0; time < TIMES.most; time++) {
      if (time >= TIMES.least && performance.now() > end) break
      for (const { ask, request } of time % 2 === 0 ? asking : asking.toReversed())
        await ask(request)
    }
    const [few = [], many = []] = await Promise.all(candidates.map(({ name }) => log.of(name)))
    for (const [kind, isOne] of kindsOf(question)) {
      const [ofFew, ofMany] = [few.filter(isOne), many.filter(isOne)]
      if (ofFew.length === 0 || ofMany.length === 0)
        throw new Error(`No statement was seen of ${what}${kind}`)
      found.push({
        what: `${what}${kind}`,
        few: median(ofFew.map(({ milliseconds }) => milliseconds)),
        many: median(ofMany.map(({ milliseconds }) => milliseconds)),
        rowsFew: median(ofFew.map(({ rows }) => rows)),
        rowsMany: median(ofMany.map(({ rows }) => rows)),
        limit: question.grows || kind !== "" ? undefined : LIMIT,
      })
    }
  }
  for (const { connection } of servers) connection.close()
  return found
}

const isOfJobs = ({ text }: Statement): boolean => /\bfrom\s+`?Jobs\b/i.test(text)
const isCount = (statement: Statement): boolean =>
  isOfJobs(statement) && /^\s*select\s+count\(/i.test(statement.text)

const isPage = (statement: Statement): boolean => isOfJobs(statement) && !isCount(statement)

/** The statements that a question takes: a page its rows, and one with a number their count. */
function kindsOf({ path, grows }: Question) {
  if (grows) return [["", isOfJobs]] as const
  if (path.includes("cursor=")) return [["", isPage]] as const
  return [
    ["", isPage],
    [", its count", isCount],
  ] as const
}
