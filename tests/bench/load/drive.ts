import { setTimeout as delay } from "node:timers/promises"
import type { Answer } from "./answer.ts"
import { openConnection, type Connection } from "./connection.ts"

/** What the clients do, over and over, until the time is over. */
export interface Driving {
  readonly url: URL
  readonly clients: number
  readonly seconds: number
  /** The requests of one operation, sent one after the other, by its number. */
  readonly operation: (number: number) => readonly Buffer[]
  /** Throws when an answer is wrong. */
  readonly examine: (answer: Answer) => void
}

/** What came of it. Times in milliseconds; an operation may be several requests. */
export interface Driven {
  readonly latencies: Float64Array
  /** From the first request to the last answer. */
  readonly milliseconds: number
  readonly requests: number
  /** Sent and received. */
  readonly bytes: number
  /** What was wrong, if something was; the clients stop at the first fault. */
  readonly fault: string | undefined
}

export async function drive(driving: Driving): Promise<Driven> {
  const { url, clients, seconds } = driving
  const connections = await Promise.all(Array.from({ length: clients }, () => openConnection(url)))
  const run: Run = { ...driving, next: 0, latencies: [], requests: 0, bytes: 0, fault: undefined }
  const began = performance.now()
  run.end = began + seconds * 1000
  await Promise.race([
    Promise.all(connections.map((connection) => client(connection, run))),
    unanswered(seconds),
  ]).catch((error: unknown) => {
    run.fault ??= String(error)
  })
  const milliseconds = performance.now() - began
  for (const connection of connections) connection.close()
  const { requests, bytes, fault } = run
  return { latencies: Float64Array.from(run.latencies), milliseconds, requests, bytes, fault }
}

interface Run extends Driving {
  end?: number
  next: number
  latencies: number[]
  requests: number
  bytes: number
  fault: string | undefined
}

async function client(connection: Connection, run: Run): Promise<void> {
  let now = performance.now()
  while (now < (run.end ?? 0) && run.fault === undefined) {
    const requests = run.operation(run.next++)
    const began = performance.now()
    for (const request of requests) {
      const answer = await connection.ask(request)
      run.requests += 1
      run.bytes += request.length + answer.bytes
      run.examine(answer)
    }
    now = performance.now()
    run.latencies.push(now - began)
  }
}

/** How long after the end of the time the last answers may come. */
const PATIENCE_SECONDS = 60

async function unanswered(seconds: number): Promise<never> {
  await delay((seconds + PATIENCE_SECONDS) * 1000, undefined, { ref: false })
  throw new Error(`no answer within ${PATIENCE_SECONDS} s`)
}
