import type { Instant } from "../instant.ts"
import { isFinal } from "./status.ts"
import type { TimedUpdate } from "./status-update.ts"

export interface ExecutionTimes {
  readonly start: Instant | undefined
  readonly end: Instant | undefined
}

/**
 * The first moments at which a job runs and at which it has finished (DIRAC's `getStartAndEndTime`);
 * moments that are known already stay.
 * @param history statuses before the updates, in order; tells what an update without status means
 */
export function executionTimes(
  { start, end }: ExecutionTimes,
  updates: readonly TimedUpdate[],
  history: readonly { at: Instant; status: string }[] = [],
): ExecutionTimes {
  const first = updates[0]?.at ?? ""
  let status = history.findLast(({ at }) => at <= first)?.status ?? ""
  for (const update of updates) {
    status = update.status ?? status
    if (start === undefined && status === "Running") start = update.at
    else if (end === undefined && isFinal(status)) end = update.at
  }
  return { start, end }
}
