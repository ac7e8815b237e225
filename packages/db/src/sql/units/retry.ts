import { setTimeout as sleep } from "node:timers/promises"

const FIRST_PAUSE_MS = 5
const LONGEST_PAUSE_MS = 250

export interface BackOff {
  /** Which errors are worth another attempt. */
  readonly when: (error: unknown) => boolean
  /** How many attempts there are at most; unlimited if only the time counts. */
  readonly attempts?: number
  /** The moment of `performance.now()` after which nothing is tried again. */
  readonly until?: number
  /** After which nothing is tried again, either. */
  readonly signal?: AbortSignal | undefined
}

/** Repeats the work after pauses that grow and vary, so that those who collided do not meet again. */
export async function backOff<Result>(
  work: () => Promise<Result>,
  { when, attempts = Infinity, until = Infinity, signal }: BackOff,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const pause = Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt)
      if (attempt >= attempts || performance.now() + pause > until || !when(error)) throw error
      await sleep(pause, undefined, { ...(signal && { signal }) })
    }
  }
}
