import { InvalidRequestError } from "@spinor/core/errors"
import type { SqlDatabases } from "../unit-of-work.ts"

/** A unit that takes longer keeps nobody waiting. */
const PATIENCE_MS = 100

/** Of one unit. Who writes more rows has no use for others. */
const MOST_ROWS = 100

/**
 * Carries out calls, whose rows differ, in one unit of work. What it gives is asked for the result of each
 * call, and throws for one that was refused, of which nothing was written.
 */
type CarryOut<Call, Result> = (calls: readonly Call[]) => Promise<(call: Call) => Result>

/**
 * Calls of one operation that clients make at the same time. While one is under way the next ones wait
 * together for another unit of work: a transaction costs more than what each of them writes. Who has
 * databases of his own, until a deadline, goes alone.
 */
export class JoinedWrites<Call, Result> {
  readonly #queues = new WeakMap<SqlDatabases, Queue<Call, Result>>()

  /** @param rows the keys of the rows that the call locks */
  async write(
    sql: SqlDatabases,
    call: Call,
    rows: readonly number[],
    carryOut: CarryOut<Call, Result>,
  ): Promise<Result> {
    const queue = this.#queues.get(sql) ?? new Queue()
    this.#queues.set(sql, queue)
    return await queue.join(call, rows, carryOut)
  }
}

class Queue<Call, Result> {
  #underWay = 0
  #waiting: Batch<Call, Result> | undefined

  async join(
    call: Call,
    rows: readonly number[],
    carryOut: CarryOut<Call, Result>,
  ): Promise<Result> {
    const alone = async () => (await carryOut([call]))(call)
    if (rows.length > MOST_ROWS) return await alone()
    if (this.#underWay === 0) return await this.#counted(alone)

    this.#waiting ??= new Batch((calls) => this.#counted(() => carryOut(calls)))
    const batch = this.#waiting
    if (!batch.takes(call, rows)) return await alone()
    const results = await batch.results.catch((error: unknown) => {
      // What the database refuses of one, the others need not hear.
      if (error instanceof InvalidRequestError && batch.calls.length > 1) return undefined
      throw error
    })
    return results === undefined ? await alone() : results(call)
  }

  /** Those who wait begin when it has ended. */
  async #counted<Outcome>(work: () => Promise<Outcome>): Promise<Outcome> {
    this.#underWay++
    let isCounted = true
    const passOn = () => {
      if (!isCounted) return
      isCounted = false
      this.#underWay--
      const next = this.#waiting
      this.#waiting = undefined
      next?.begin()
    }
    const timer = setTimeout(passOn, PATIENCE_MS).unref()
    try {
      return await work()
    } finally {
      clearTimeout(timer)
      passOn()
    }
  }
}

/** Calls that wait together. */
class Batch<Call, Result> {
  readonly calls: Call[] = []
  readonly results: Promise<(call: Call) => Result>
  readonly begin: () => void
  readonly #rows = new Set<number>()

  constructor(carryOut: CarryOut<Call, Result>) {
    const { promise: turn, resolve } = Promise.withResolvers<void>()
    this.begin = resolve
    this.results = turn.then(() => carryOut(this.calls))
  }

  /** Whether it takes the call in: not if it is full, or somebody else's call concerns one of the rows. */
  takes(call: Call, rows: readonly number[]): boolean {
    if (this.#rows.size + rows.length > MOST_ROWS) return false
    if (rows.some((row) => this.#rows.has(row))) return false
    for (const row of rows) this.#rows.add(row)
    this.calls.push(call)
    return true
  }
}

/** What a check throws of the calls that do not pass it. */
export function refusals<Call>(
  calls: readonly Call[],
  check: (call: Call) => void,
): Map<Call, unknown> {
  const refused = new Map<Call, unknown>()
  for (const call of calls) {
    try {
      check(call)
    } catch (error) {
      refused.set(call, error)
    }
  }
  return refused
}
