import { expect, it } from "vitest"
import { highestRate } from "./highest.ts"

/** What is found of a server that holds so much, and how often it was tried. */
async function found(most: number, guess = 1000) {
  const rates: number[] = []
  const holds = (rate: number) => {
    rates.push(rate)
    return Promise.resolve(rate <= most)
  }
  return { ...(await highestRate(holds, guess)), rates }
}

it.each([1, 3.3, 90, 799, 1000, 1001, 1250, 5000, 43_210])(
  "finds %d within six percent",
  async (most) => {
    const { holds, fails, rates } = await found(most)
    expect(holds).toBeLessThanOrEqual(most)
    expect(fails).toBeGreaterThan(most)
    expect(fails / holds).toBeLessThanOrEqual(1.06)
    expect(rates).toEqual([...new Set(rates)])
    expect(rates.length).toBeLessThan(22)
  },
)

it("begins with the guess, and goes up while it holds", async () => {
  const { rates } = await found(2500)
  expect(rates.slice(0, 4)).toEqual([1000, 1400, 1960, 2744])
})

it("none holds of a server that does nothing", async () => {
  const { holds, rates } = await found(0)
  expect(holds).toBe(0)
  expect(Math.min(...rates)).toBeGreaterThan(0.5)
})
