import { AsyncResource } from "node:async_hooks"
import { InvalidRequestError } from "@spinor/core/errors"

/** A unit of work that takes longer keeps no others waiting. */
const PATIENCE_MS = 100

/** Of one unit of work. */
const MOST_ROWS = 100

/** Who writes more rows has no use for others, and would keep them waiting. */
const MOST_ROWS_OF_CALL = 10

/** How calls of an operation are carried out. */
export interface Joining<Call, Result> {
  readonly call: Call
  /** The keys of the rows that it locks. */
  readonly rows: readonly number[]
  /** Carries it out by itself. */
  readonly alone: () => Promise<Result>
  /**
   * Carries out calls that concern different rows, in one unit of work, and gives their results. It leaves
   * out those that it cannot carry out as they are, for which somebody would have to wait, or hear an error.
   */
  readonly together: (calls: readonly Call[]) => Promise<ReadonlyMap<Call, Result>>
}

/**
 * Calls of one operation that clients make at the same time. While one is under way the next ones wait
 * together for another unit of work: a transaction costs more than what each of them writes.
 */
export class JoinedWrites<Call, Result> {
  readonly #queues = new WeakMap<object, Queue<Call, Result>>()

  /** @param deps what the calls need; who has some of his own, with a deadline, goes alone */
  async write(deps: object, joining: Joining<Call, Result>): Promise<Result> {
    const queue = this.#queues.get(deps) ?? new Queue()
    this.#queues.set(deps, queue)
    return await queue.join(joining)
  }
}

class Queue<Call, Result> {
  #isTaken = false
  readonly #waiting: Batch<Call, Result>[] = []

  async join({ call, rows, alone, together }: Joining<Call, Result>): Promise<Result> {
    if (rows.length > MOST_ROWS_OF_CALL) return await alone()
    if (!this.#isTaken) {
      this.#isTaken = true
      return await this.#inPlace(alone)
    }
    const batch = this.#waiting.find((waiting) => waiting.hasRoomFor(rows)) ?? this.#next(together)
    const results = await batch.add(call, rows)
    const result = results.get(call)
    return result === undefined ? await alone() : result
  }

  #next(together: Joining<Call, Result>["together"]): Batch<Call, Result> {
    const batch = new Batch<Call, Result>((calls) => this.#inPlace(() => together(calls)))
    this.#waiting.push(batch)
    return batch
  }

  /** Works in the one place that there is, which those who wait have next. */
  async #inPlace<Outcome>(work: () => Promise<Outcome>): Promise<Outcome> {
    let hasPlace = true
    const handOn = () => {
      if (!hasPlace) return
      hasPlace = false
      const next = this.#waiting.shift()
      this.#isTaken = next !== undefined
      next?.begin()
    }
    const timer = setTimeout(handOn, PATIENCE_MS).unref()
    try {
      return await work()
    } finally {
      clearTimeout(timer)
      handOn()
    }
  }
}

/** Calls that wait together. */
class Batch<Call, Result> {
  readonly begin: () => void
  readonly #results: Promise<ReadonlyMap<Call, Result>>
  readonly #calls: Call[] = []
  readonly #rows = new Set<number>()

  constructor(work: Joining<Call, Result>["together"]) {
    const { promise, resolve } = Promise.withResolvers<ReadonlyMap<Call, Result>>()
    // In the context of who came first, and not of him who has ended.
    this.begin = AsyncResource.bind(() => resolve(this.#carriedOut(work)))
    this.#results = promise
  }

  /** Not if it is full, or somebody else's call concerns one of the rows. */
  hasRoomFor(rows: readonly number[]): boolean {
    return this.#rows.size + rows.length <= MOST_ROWS && !rows.some((row) => this.#rows.has(row))
  }

  /** @returns the results of those that were carried out together */
  async add(call: Call, rows: readonly number[]): Promise<ReadonlyMap<Call, Result>> {
    for (const row of rows) this.#rows.add(row)
    this.#calls.push(call)
    return await this.#results
  }

  /** What the database refuses of one, the others need not hear: all are carried out by themselves. */
  async #carriedOut(work: Joining<Call, Result>["together"]): Promise<ReadonlyMap<Call, Result>> {
    try {
      return await work(this.#calls)
    } catch (error) {
      if (error instanceof InvalidRequestError) return new Map()
      throw error
    }
  }
}
