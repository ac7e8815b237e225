import { POOL_TIMEOUT } from "./dialects/fault.ts"
import { sql } from "drizzle-orm"
import type { Engine, EngineOptions } from "./engine.ts"

/** A connection that was used a moment ago is alive. */
const IDLE_MS = 1000

/**
 * What all pools of connections have in common: so many units of work at once and no more, who waits
 * for too long is refused, and after a pause the connections are tried before one is needed.
 */
export function pooled(engine: Engine, options: EngineOptions): Engine {
  const gate = new Gate(options.poolSize + options.poolOverflow, options.poolTimeout)
  let used = performance.now()

  const admitted = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const asked = performance.now()
    return gate.pass(async () => {
      options.telemetry?.waited(engine.dialect.name, performance.now() - asked)
      if (options.prePing && performance.now() - used > IDLE_MS) await ping(engine, options)
      try {
        return await work()
      } finally {
        used = performance.now()
      }
    })
  }

  return {
    ...engine,
    read: (work) => admitted(() => engine.read(work)),
    transaction: (work) => admitted(() => engine.transaction(work)),
  }
}

/** A try on a dead connection removes it from the pool, so that the next try meets another one. */
async function ping(engine: Engine, { poolSize, poolOverflow }: EngineOptions): Promise<void> {
  for (let left = poolSize + poolOverflow; left >= 0; left--) {
    try {
      await engine.read((queries) => queries.run(sql`select 1`))
      return
    } catch (error) {
      if (left === 0 || engine.dialect.fault(error) !== "unreachable") throw error
    }
  }
}

/** Lets so many pieces of work run at a time, in the order of asking; who waits for too long is refused. */
class Gate {
  #free: number
  readonly #patience: number
  readonly #waiting = new Set<() => void>()

  constructor(places: number, patience: number) {
    this.#free = places
    this.#patience = patience
  }

  async pass<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free--
    else await this.#turn()
    try {
      return await work()
    } finally {
      this.#leave()
    }
  }

  /** Resolves when somebody leaves a place. */
  #turn(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const timer = setTimeout(() => {
      this.#waiting.delete(enter)
      const message = `No connection was free for ${this.#patience / 1000} s`
      reject(Object.assign(new Error(message), { code: POOL_TIMEOUT }))
    }, this.#patience)
    const enter = () => {
      clearTimeout(timer)
      resolve()
    }
    this.#waiting.add(enter)
    return promise
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
