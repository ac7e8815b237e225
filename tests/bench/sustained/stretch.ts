import { examinerOf } from "../diracx/round.ts"
import type { Known, Workload } from "../diracx/workload.ts"
import { workloads } from "../diracx/workloads.ts"
import { keepPace, type Paced } from "../load/pace.ts"
import { encodeRequest } from "../load/request.ts"
import { ESSENCE, kindOf, writeOf, type Kind } from "./mix.ts"

/** Writes at a rate for some time. */
export interface Stretch {
  readonly urls: readonly string[]
  readonly token: string
  readonly known: Known
  /** The number of the first write; none is used twice. */
  readonly first: number
  readonly rate: number
  readonly seconds: number
  /** What part of the answers may be late before it is given up. */
  readonly part: number
}

/** What must hold: 99 of 100 answers come within 250 ms. */
export const LIMIT = { milliseconds: 250, part: 0.01 }

const RISE_SECONDS = 5

/** Plays all clients. */
export function playStretch({ urls, token, known, first, part, ...pace }: Stretch): Promise<Paced> {
  const examine: Record<Kind, ReturnType<typeof examinerOf>> = {
    "heartbeat of 1 job": examiner("heartbeat of 1 job"),
    "submit 1 job": examiner("submit 1 job"),
    "statuses of 1 job": examiner("statuses of 1 job"),
  }
  return keepPace({
    urls: urls.map((url) => new URL(url)),
    ...pace,
    rise: RISE_SECONDS,
    limit: { ...LIMIT, part },
    request: (number, { host }) => encodeRequest(writeOf(first + number, known), { host, token }),
    examine: (answer, number) => examine[kindOf(first + number)](answer),
  })
}

const examiner = (kind: Kind) => examinerOf(workloadOf(kind), ESSENCE[kind])

function workloadOf(kind: Kind): Workload {
  const workload = workloads[kind]
  if (workload === undefined) throw new Error(`There is no workload ${kind}`)
  return workload
}
