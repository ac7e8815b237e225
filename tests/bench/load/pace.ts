import { setTimeout as delay } from "node:timers/promises"
import type { Answer } from "./answer.ts"
import { openConnection, type Connection } from "./connection.ts"

/** Requests at a rate, whether or not earlier ones have been answered. */
export interface Pacing {
  /** Asked in turns. */
  readonly urls: readonly URL[]
  /** Requests a second, at even distances. */
  readonly rate: number
  /** Of these requests; a rising rate adds half its time. */
  readonly seconds: number
  /** For so many seconds the rate rises evenly: clients do not all come in one instant, and a generator compiles itself. */
  readonly rise: number
  /** The run is given up when more than this part of all its requests took longer. */
  readonly limit: { readonly milliseconds: number; readonly part: number }
  readonly request: (number: number, url: URL) => Buffer
  /** Throws when an answer is wrong. */
  readonly examine: (answer: Answer, number: number) => void
}

/** What came of it. */
export interface Paced {
  /** Milliseconds from the time when a request was due to its answer, in the order of the answers. */
  readonly latencies: Float64Array
  /** From the first request to the last answer. */
  readonly milliseconds: number
  /** Whether it was given up, as too many answers were late. */
  readonly late: boolean
  /** What was wrong, if something was; it ends at the first fault. */
  readonly fault: string | undefined
}

/** Requests that are open at once; others wait for their turn, and their time counts. */
const MOST_OPEN = 512

/** How long a request may be late, or its answer, before the run is given up. */
const PATIENCE_MS = 10_000

export async function keepPace(pacing: Pacing): Promise<Paced> {
  const { urls, rate, seconds } = pacing
  const total = Math.round(rate * seconds)
  const run: Run = {
    ...pacing,
    lanes: urls.map((url) => ({ url, idle: [], all: new Set() })),
    began: performance.now(),
    open: 0,
    latencies: new Float64Array(total),
    answered: 0,
    slow: 0,
    mostSlow: pacing.limit.part * total,
    late: false,
    fault: undefined,
  }
  let next = 0
  const goesOn = () => !run.late && run.fault === undefined
  while (next < total && goesOn()) {
    const now = performance.now()
    while (next < total && dueOf(next, run) <= now && run.open < MOST_OPEN) void fly(next++, run)
    run.late ||= now - dueOf(next, run) > PATIENCE_MS
    await delay(1)
  }
  const end = performance.now() + PATIENCE_MS
  while (run.open > 0 && goesOn()) {
    run.late ||= performance.now() > end
    await delay(1)
  }
  const milliseconds = performance.now() - run.began
  for (const { all } of run.lanes) for (const connection of all) connection.close()
  const { late, fault, answered } = run
  return { latencies: run.latencies.slice(0, answered), milliseconds, late, fault }
}

interface Run extends Pacing {
  readonly lanes: readonly Lane[]
  readonly began: number
  open: number
  readonly latencies: Float64Array
  answered: number
  slow: number
  readonly mostSlow: number
  late: boolean
  fault: string | undefined
}

/** The way to one server. */
interface Lane {
  readonly url: URL
  readonly all: Set<Connection>
  /** The connections that wait for a request, the last used one at the end. */
  readonly idle: { readonly connection: Connection; readonly since: number }[]
}

function dueOf(number: number, { began, rate, rise }: Run): number {
  const rising = (rate * rise) / 2
  const seconds =
    number < rising ? Math.sqrt((2 * number * rise) / rate) : rise + (number - rising) / rate
  return began + seconds * 1000
}

async function fly(number: number, run: Run): Promise<void> {
  const lane = run.lanes[number % run.lanes.length]
  if (lane === undefined) return
  run.open++
  try {
    const connection = await connectionOf(lane)
    const answer = await connection.ask(run.request(number, lane.url))
    const now = performance.now()
    lane.idle.push({ connection, since: now })
    run.examine(answer, number)
    const latency = now - dueOf(number, run)
    run.latencies[run.answered++] = latency
    if (latency > run.limit.milliseconds) run.late ||= ++run.slow > run.mostSlow
  } catch (error) {
    run.fault ??= String(error)
  } finally {
    run.open--
  }
}

/** Servers close connections that are idle for five seconds. */
const IDLE_MS = 2000

async function connectionOf(lane: Lane): Promise<Connection> {
  const last = lane.idle.pop()
  if (last !== undefined && performance.now() - last.since < IDLE_MS) return last.connection
  // The others are idle for longer.
  for (const { connection } of [...lane.idle.splice(0), ...(last ? [last] : [])]) {
    connection.close()
    lane.all.delete(connection)
  }
  const connection = await openConnection(lane.url)
  lane.all.add(connection)
  return connection
}
