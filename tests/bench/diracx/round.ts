import { isDeepStrictEqual } from "node:util"
import type { Answer } from "../load/answer.ts"
import { drive, type Driven } from "../load/drive.ts"
import { encodeRequest } from "../load/request.ts"
import { workloads, type Known } from "./workloads.ts"

/** One round. */
export interface Round {
  readonly workload: string
  readonly url: string
  readonly token: string
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
export function playRound(round: Round): Promise<Driven> {
  const { url: base, token, known, first, clients, seconds } = round
  const workload = workloads[round.workload]
  if (workload === undefined) throw new Error(`There is no workload ${round.workload}`)
  const url = new URL(base)
  const encoded = (number: number) =>
    workload
      .requests(number, known)
      .map((request) => encodeRequest(request, { host: url.host, token }))
  const always = workload.constant && encoded(first)
  let answers = 0
  const examine = (answer: Answer) => {
    if (answer.status !== workload.status) throw new Error(`wrong answer: ${told(answer)}`)
    if (answers++ % SAMPLE > 0 || round.essence === undefined) return
    const found = essenceOf(answer, workload.essence)
    if (!isDeepStrictEqual(found, round.essence.value)) {
      throw new Error(`wrong content: ${told(answer)}`)
    }
  }
  const operation = (number: number) => always ?? encoded(first + number)
  return drive({ url, clients, seconds, operation, examine })
}

const told = ({ status, body }: Answer): string => `${status} ${body.toString("utf8", 0, 300)}`

function essenceOf({ body }: Answer, essence: (body: never) => unknown): unknown {
  const parsed: unknown = body.length === 0 ? undefined : JSON.parse(body.toString())
  // The workload knows what a right answer looks like; of another one this throws.
  return essence(parsed as never)
}
