import { AsyncResource } from "node:async_hooks"
import { InvalidRequestError } from "@spinor/core/errors"

/** A unit of work that takes longer keeps no others waiting. */
const PATIENCE_MS = 100

/** Of one unit of work. */
const MOST_ROWS = 100

/** What suits an operation. */
export interface JoiningLimits {
  /** Units of work that are under way at a time. */
  readonly units: number
  /** Who writes more rows has no use for others, and would keep them waiting. */
  readonly rowsOfCall: number
}

/** How calls of an operation are carried out. */
export interface Joining<Call, Result> {
  readonly call: Call
  /** What tells the rows apart that it writes: the keys of those that are there, for a new one anything. */
  readonly rows: readonly unknown[]
  /** Carries it out by itself. */
  readonly alone: () => Promise<Result>
  /**
   * Carries out calls that concern different rows, in one unit of work, and gives their results. It leaves
   * out those that it cannot carry out as they are, for which somebody would have to wait, or hear an error.
   */
  readonly together: (calls: readonly Call[]) => Promise<ReadonlyMap<Call, Result>>
}

/**
 * Calls of one operation that clients make at the same time. While some are under way the next ones wait
 * together for another unit of work: a transaction costs more than what each of them writes.
 */
export class JoinedWrites<Call, Result> {
  readonly #limits: JoiningLimits
  readonly #queues = new WeakMap<object, Queue<Call, Result>>()

  constructor(limits: JoiningLimits) {
    this.#limits = limits
  }

  /** @param deps what the calls need; who has some of his own, with a deadline, goes alone */
  async write(deps: object, joining: Joining<Call, Result>): Promise<Result> {
    const queue = this.#queues.get(deps) ?? new Queue(this.#limits)
    this.#queues.set(deps, queue)
    return await queue.join(joining)
  }
}

class Queue<Call, Result> {
  readonly #rowsOfCall: number
  #freePlaces: number
  readonly #waiting: Batch<Call, Result>[] = []

  constructor({ units, rowsOfCall }: JoiningLimits) {
    this.#rowsOfCall = rowsOfCall
    this.#freePlaces = units
  }

  async join({ call, rows, alone, together }: Joining<Call, Result>): Promise<Result> {
    if (rows.length > this.#rowsOfCall) return await alone()
    if (this.#freePlaces > 0) {
      this.#freePlaces--
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

  /** Works in a place that is taken, which those who wait have next. */
  async #inPlace<Outcome>(work: () => Promise<Outcome>): Promise<Outcome> {
    let hasPlace = true
    const handOn = () => {
      if (!hasPlace) return
      hasPlace = false
      const next = this.#waiting.shift()
      if (next === undefined) this.#freePlaces++
      else next.begin()
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
  readonly #rows = new Set<unknown>()

  constructor(work: Joining<Call, Result>["together"]) {
    const { promise, resolve } = Promise.withResolvers<ReadonlyMap<Call, Result>>()
    // In the context of who came first, and not of him who has ended.
    this.begin = AsyncResource.bind(() => resolve(this.#carriedOut(work)))
    this.#results = promise
  }

  /** Not if it is full, or somebody else's call concerns one of the rows. */
  hasRoomFor(rows: readonly unknown[]): boolean {
    return this.#rows.size + rows.length <= MOST_ROWS && !rows.some((row) => this.#rows.has(row))
  }

  /** @returns the results of those that were carried out together */
  async add(call: Call, rows: readonly unknown[]): Promise<ReadonlyMap<Call, Result>> {
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
