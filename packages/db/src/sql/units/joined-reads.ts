import { refuseAfter, until } from "@spinor/core/until"
import type { SqlDatabases } from "../unit-of-work.ts"

/** A unit of work that several readers wait for. */
interface Unit {
  readonly result: Promise<unknown>
  readonly begin: () => void
  readonly stop: AbortController
  readers: number
}

/** A read that takes longer may never end: nobody waits for it to begin the next one. */
const PATIENCE_MS = 10_000

/**
 * Databases on which readers who ask the same at the same time share a unit of work. While one is under
 * way the next ones wait together for another, so that nobody is given what was read before he asked.
 */
export function joinedReads(databases: SqlDatabases): SqlDatabases {
  /** By what is asked, while it is read: those who ask meanwhile. */
  const waiting = new Map<string, Unit | undefined>()

  const unitOf = (key: string, read: (signal: AbortSignal) => Promise<unknown>): Unit => {
    const joined = waiting.get(key)
    if (joined !== undefined) return joined
    const { promise: turn, resolve } = Promise.withResolvers<void>()
    const stop = new AbortController()
    const begin = () => {
      waiting.set(key, undefined)
      resolve()
    }
    const run = async () => {
      await turn
      if (unit.readers === 0) stop.abort()
      const passOn = once(() => {
        const next = waiting.get(key)
        if (next === undefined) waiting.delete(key)
        else next.begin()
      })
      const timer = setTimeout(passOn, PATIENCE_MS).unref()
      try {
        return await read(stop.signal)
      } finally {
        clearTimeout(timer)
        passOn()
      }
    }
    const unit: Unit = { result: run(), begin, stop, readers: 0 }
    if (waiting.has(key)) waiting.set(key, unit)
    else begin()
    return unit
  }

  /** A reader who leaves breaks off nothing that others wait for. */
  const join = async (
    key: string,
    signal: AbortSignal | undefined,
    read: (signal: AbortSignal) => Promise<unknown>,
  ): Promise<unknown> => {
    refuseAfter(signal)
    const unit = unitOf(key, read)
    unit.readers++
    try {
      return await until(signal, () => unit.result)
    } finally {
      unit.readers--
      if (unit.readers === 0 && waiting.get(key) !== unit) unit.stop.abort()
    }
  }

  const joinedUntil = (own: SqlDatabases, signal: AbortSignal | undefined): SqlDatabases => ({
    read(wanted, work, asked) {
      if (asked === undefined) return own.read(wanted, work)
      const shared = join(JSON.stringify(asked), signal, (stop) =>
        databases.until(stop).read(wanted, work),
      )
      // What is asked names the operation, and so the type of its result.
      return shared as ReturnType<typeof work>
    },
    write: (wanted, work) => own.write(wanted, work),
    until: (other) =>
      joinedUntil(own.until(other), signal ? AbortSignal.any([signal, other]) : other),
  })
  return joinedUntil(databases, undefined)
}

function once(work: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) work()
    isDone = true
  }
}
