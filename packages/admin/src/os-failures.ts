import { reasonOf } from "./db-connection.ts"
import { OperatorError } from "./terminal.ts"

/** Work on one database of documents. */
export interface Row {
  readonly database: string
  readonly place: string
  /** Why it failed, for reasons of the place. */
  readonly error: string | null
}

/** Does what may fail for reasons of the place, so that work on other databases goes on. */
export async function attempt<Result>(
  work: () => Promise<Result>,
): Promise<{ result?: Result; error: string | null }> {
  try {
    return { result: await work(), error: null }
  } catch (cause) {
    const error = reasonOf(cause)
    if (error === undefined) throw cause
    return { error }
  }
}

/** What failed, where and why; a cluster that is away is told of once. */
export function failuresOf(rows: readonly Row[]): string[] {
  const failed = rows.filter(({ error }) => error !== null)
  const alike = Map.groupBy(failed, ({ place, error }) => JSON.stringify([place, error]))
  return [...alike.values()].map((group) => {
    const names = group.map(({ database }) => database).join(", ")
    return `${group[0]?.place} (${names}): ${group[0]?.error}`
  })
}

/** @throws OperatorError that tells what failed, where and why */
export function mustHaveSucceeded(rows: readonly Row[]): void {
  const failures = failuresOf(rows)
  if (failures.length > 0) throw new OperatorError(failures.join("; "))
}
