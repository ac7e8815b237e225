import { POOL_TIMEOUT } from "../dialects/fault.ts"
import { overdue, refuseAfter } from "@spinor/core/until"

/** Lets so many pieces of work run at a time, in the order of asking; who waits for too long is refused. */
export class Gate {
  #free: number
  readonly #patience: number
  readonly #waiting = new Set<() => void>()

  constructor(places: number, patience: number) {
    this.#free = places
    this.#patience = patience
  }

  /** A signal ends the waiting, not the work. */
  async pass<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    refuseAfter(signal)
    if (this.#free > 0) this.#free--
    else await this.#turn(signal)
    try {
      return await work()
    } finally {
      this.#leave()
    }
  }

  /** Resolves when somebody leaves a place. */
  async #turn(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve: enter, reject } = Promise.withResolvers<void>()
    const giveUp = (reason: unknown) => {
      this.#waiting.delete(enter)
      reject(reason)
    }
    const timer = setTimeout(() => {
      const message = `No connection was free for ${this.#patience / 1000} s`
      giveUp(Object.assign(new Error(message), { code: POOL_TIMEOUT }))
    }, this.#patience)
    const stop = () => signal && giveUp(overdue(signal))
    signal?.addEventListener("abort", stop)
    this.#waiting.add(enter)
    try {
      await promise
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener("abort", stop)
    }
  }

  #leave(): void {
    const [next] = this.#waiting
    if (next === undefined) this.#free++
    else {
      this.#waiting.delete(next)
      next()
    }
  }
}
