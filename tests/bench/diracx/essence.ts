import { isDeepStrictEqual } from "node:util"
import { header, type Answer } from "../load/answer.ts"
import { openConnection } from "../load/connection.ts"
import { encodeRequest, type Request } from "../load/request.ts"
import { NUMBERS_OF_A_ROUND, type Candidate } from "./measure.ts"
import type { Workload } from "./workload.ts"

/** Before all rounds, and not of the jobs with which they begin. */
const NUMBER = NUMBERS_OF_A_ROUND - 1

/**
 * What all right answers have in common, as the last candidate answers.
 * @throws Error when another candidate answers otherwise
 */
export async function learnEssence(
  workload: Workload,
  candidates: readonly Candidate[],
  token: string,
): Promise<{ value: unknown }> {
  const found: { name: string; value: unknown }[] = []
  for (const { name, server, known } of candidates) {
    const requests = workload.requests(NUMBER, known)
    const answers = await askAll(server.url, requests, token)
    for (const { status, body } of answers) {
      if (status !== workload.status)
        throw new Error(`${name} answers ${status} ${body.toString()}`)
      const parsed: unknown = body.length === 0 ? undefined : JSON.parse(body.toString())
      found.push({ name, value: workload.essence(parsed as never) })
    }
  }
  const truth = found.at(-1)
  for (const { name, value } of found) {
    if (isDeepStrictEqual(value, truth?.value)) continue
    throw new Error(`${name} answers ${told(value)} and not ${told(truth?.value)}`)
  }
  return { value: truth?.value }
}

const told = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, 600)

/** The tag of the configuration that a server has. */
export async function etagOf(url: string, token: string): Promise<string> {
  const [answer] = await askAll(url, [{ method: "GET", path: "/api/config/" }], token)
  const etag = answer && header(answer.head, "etag")
  if (etag === undefined) throw new Error(`There is no configuration: ${answer?.head}`)
  return etag
}

async function askAll(
  base: string,
  requests: readonly Request[],
  token: string,
): Promise<readonly Answer[]> {
  const url = new URL(base)
  const connection = await openConnection(url)
  try {
    const answers: Answer[] = []
    for (const request of requests) {
      answers.push(await connection.ask(encodeRequest(request, { host: url.host, token })))
    }
    return answers
  } finally {
    connection.close()
  }
}
