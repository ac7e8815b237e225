import { LOCKED, sqliteDialect } from "../../dialects/sqlite.ts"
import { backOff } from "../../units/retry.ts"

export interface Waiting {
  /** The moment of `performance.now()` after which it is given up. */
  readonly until: number
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
  /** Whether the work has begun: then its unit decides what becomes of it. */
  readonly begun?: () => boolean
}

/** Waits for a file of SQLite that somebody else writes to, from outside of SQLite, but not for ever. */
export async function whenFree<Result>(
  work: () => Promise<Result>,
  { until, signal, begun = () => false }: Waiting,
): Promise<Result> {
  const isLocked = (error: unknown) => !begun() && sqliteDialect.fault(error) === "contention"
  try {
    return await backOff(work, { when: isLocked, until, signal })
  } catch (error) {
    if (!isLocked(error)) throw error
    throw Object.assign(new Error("The file stays locked", { cause: error }), { code: LOCKED })
  }
}
