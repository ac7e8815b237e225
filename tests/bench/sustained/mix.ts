import { CROWD } from "../diracx/rows.ts"
import type { Known } from "../diracx/workload.ts"
import { workloads } from "../diracx/workloads.ts"
import { heartbeatOf, statusesOf } from "../diracx/writing.ts"
import type { Request } from "../load/request.ts"

/** How many of fifty writes are what: LHCb's production. */
const MIX = {
  "heartbeat of 1 job": 11,
  "submit 1 job": 1,
  "statuses of 1 job": 38,
} as const

export type Kind = keyof typeof MIX

const KINDS = Object.keys(MIX) as readonly Kind[]

const FIFTY = 50

/** Prime to fifty: it lays the kinds out evenly. */
const STRIDE = 19

/** What the write of this number is. */
export function kindOf(number: number): Kind {
  // Shifted from fifty to fifty, as servers that take turns would otherwise always get the same kinds.
  let place = (number * STRIDE + Math.floor(number / FIFTY)) % FIFTY
  for (const kind of KINDS) {
    if (place < MIX[kind]) return kind
    place -= MIX[kind]
  }
  throw new Error("The mix has fifty parts")
}

/** A prime, so that kinds and jobs do not go in step. */
const RUNNING = 99_991

/** So far apart are the jobs of two writes that follow each other: they share no page of a table. */
const DISTANCE = 61_813

/** The job of a write: each of the crowd once, in the order of a production, which is none, then all over again. */
export const jobOf = (number: number, jobs: number): number =>
  jobs + 1 + ((number * DISTANCE) % Math.min(RUNNING, CROWD))

/** The write of this number. */
export function writeOf(number: number, known: Known): Request {
  const kind = kindOf(number)
  const job = jobOf(number, known.jobs)
  if (kind === "statuses of 1 job") return statusesOf([job], number)
  if (kind === "heartbeat of 1 job") return heartbeatOf([job], number)
  const [submission] = workloads[kind]?.requests(number, known) ?? []
  if (submission === undefined) throw new Error("A submission is a request")
  return submission
}

/** What is the same in every right answer. */
export const ESSENCE: Record<Kind, { readonly value: unknown }> = {
  "heartbeat of 1 job": { value: [] },
  "submit 1 job": { value: ["Received, Job accepted"] },
  "statuses of 1 job": { value: [1, 0] },
}

/** How many rows the writes of these numbers add to each table. */
export function rowsOf(first: number, count: number): Readonly<Record<string, number>> {
  const rows = { Jobs: 0, LoggingInfo: 0, HeartBeatLoggingInfo: 0 }
  for (let number = first; number < first + count; number++) {
    const kind = kindOf(number)
    if (kind === "heartbeat of 1 job") rows.HeartBeatLoggingInfo += 6
    else rows.LoggingInfo += 1
    if (kind === "submit 1 job") rows.Jobs += 1
  }
  return rows
}
