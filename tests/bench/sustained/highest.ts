import { readable } from "../load/statistics.ts"

/** Between a rate that holds and one that does not. */
const PRECISION = 1.06

const UP = 1.4
const DOWN = 1 / 2

/**
 * The highest rate that holds, and the lowest that was seen not to: up from the first guess, or down, then between.
 * None holds when even one a second is too much.
 */
export async function highestRate(
  holds: (rate: number) => Promise<boolean>,
  guess: number,
): Promise<{ readonly holds: number; readonly fails: number }> {
  let low = 0
  let high = Infinity
  let rate = guess
  while (high > 1 && high / low > PRECISION) {
    if (await holds(rate)) low = rate
    else high = rate
    rate = readable(next(low, high))
  }
  return { holds: low, fails: high }
}

function next(low: number, high: number): number {
  if (high === Infinity) return low * UP
  if (low === 0) return high * DOWN
  return Math.sqrt(low * high)
}
