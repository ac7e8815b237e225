import { isDeepStrictEqual } from "node:util"
import type { Answer } from "../load/answer.ts"
import { drive, type Driven } from "../load/drive.ts"
import { encodeRequest } from "../load/request.ts"
import type { Known, Workload } from "./workload.ts"
import { workloads } from "./workloads.ts"

/** One round. */
export interface Round {
  readonly workload: string
  readonly url: string
  readonly token: string
  /** To sign tokens with, where each request has one of its own. */
  readonly keys: string
  readonly known: Known
  /** What is the same in every right answer; undefined where that is still to be learnt. */
  readonly essence?: { readonly value: unknown }
  /** The number of the first operation. */
  readonly first: number
  readonly clients: number
  readonly seconds: number
}

/** Of one answer in this many the content is looked at, and of the first. */
const SAMPLE = 50

/** Plays the clients of one round. */
export async function playRound(round: Round): Promise<Driven> {
  const { url: base, known, first, clients, seconds } = round
  const workload = workloads[round.workload]
  if (workload === undefined) throw new Error(`There is no workload ${round.workload}`)
  const url = new URL(base)
  const token = workload.ownTokens ? await ownTokens(round.keys) : () => round.token
  const encoded = (number: number) =>
    workload
      .requests(number, known)
      .map((request) => encodeRequest(request, { host: url.host, token: token() }))
  const always = workload.constant && encoded(first)
  const examine = examinerOf(workload, round.essence)
  const operation = (number: number) => always ?? encoded(first + number)
  return await drive({ url, clients, seconds, operation, examine })
}

async function ownTokens(keys: string): Promise<() => string> {
  // Loads much that other rounds do without.
  const { signerOf } = await import("./tokens.ts")
  const tokenFor = signerOf(keys)
  return () => tokenFor({})
}

/** Looks at the status of every answer, and at the content of some; throws when one is wrong. */
export function examinerOf(
  { status, essence }: Pick<Workload, "status" | "essence">,
  right: Round["essence"],
): (answer: Answer) => void {
  let answers = 0
  return (answer) => {
    if (answer.status !== status) throw new Error(`wrong answer: ${told(answer)}`)
    if (answers++ % SAMPLE > 0 || right === undefined) return
    if (!isDeepStrictEqual(essenceOf(answer, essence), right.value)) {
      throw new Error(`wrong content: ${told(answer)}`)
    }
  }
}

const told = ({ status, body }: Answer): string => `${status} ${body.toString("utf8", 0, 300)}`

function essenceOf({ body }: Answer, essence: (body: never) => unknown): unknown {
  const parsed: unknown = body.length === 0 ? undefined : JSON.parse(body.toString())
  // The workload knows what a right answer looks like; of another one this throws.
  return essence(parsed as never)
}
