/** A source of choices that repeats itself for the same seed. */
export interface Choices {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number
  pick<Item>(items: readonly Item[]): Item
  /** True so many times out of a hundred. */
  chance(percent: number): boolean
}

/** Choices by the generator "mulberry32", which is small and good enough to draw test cases. */
export function choices(seed: number): Choices {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (limit: number) => next() % limit
  return {
    below,
    pick(items) {
      const [first] = items
      if (first === undefined) throw new RangeError("There is nothing to choose from")
      return items[below(items.length)] ?? first
    },
    chance: (percent) => below(100) < percent,
  }
}

/** SPINOR_TEST_SEED draws other cases; a failure tells which seed it was. */
export const testSeed = (): number => Number(process.env["SPINOR_TEST_SEED"] ?? "20261121")

/** How many times as much is drawn as in CI; `npm run test:nightly` sets SPINOR_TEST_EFFORT. */
export const testEffort = (): number => Number(process.env["SPINOR_TEST_EFFORT"] ?? "1")
