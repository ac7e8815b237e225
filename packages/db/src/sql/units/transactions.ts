import type { Queries } from "../queries.ts"
import type { Engine } from "../engine.ts"
import type { UntilCommit } from "./until-commit.ts"

/** Opens every engine for reading, then works with what is open. */
export async function readingAll<Result>(
  [engine, ...rest]: Engine[],
  open: Map<Engine, Queries>,
  work: (open: Map<Engine, Queries>) => Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (engine === undefined) return await work(open)
  return await engine.read(
    (queries) => readingAll(rest, new Map(open).set(engine, queries), work, signal),
    signal,
  )
}

/**
 * Opens a transaction on every engine, then works with what is open. The last one opened commits
 * first. The signal breaks off the work, but no commit.
 */
export async function inTransactions<Result>(
  [engine, ...rest]: Engine[],
  open: Map<Engine, Queries>,
  work: (open: Map<Engine, Queries>) => Promise<Result>,
  unit: UntilCommit,
): Promise<Result> {
  if (engine === undefined) return await settled(open, work, unit)
  return await engine.transaction(async (queries) => {
    const result = await inTransactions(rest, new Map(open).set(engine, queries), work, unit)
    unit.commit()
    return result
  }, unit.signal)
}

/**
 * What fails must fail before any of several servers commits; and what has to be broken off in time, before
 * it can no longer be.
 */
async function settled<Result>(
  open: Map<Engine, Queries>,
  work: (open: Map<Engine, Queries>) => Promise<Result>,
  { isBounded }: UntilCommit,
): Promise<Result> {
  const result = await work(open)
  if (isBounded || open.size > 1) for (const queries of open.values()) await queries.settle()
  return result
}
