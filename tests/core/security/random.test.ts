import { expect, it } from "vitest"
import { systemRandom } from "@spinor/core/security/random"

/** Around the size of what is asked for at once of the operating system, and what is left of it. */
const SIZES = [0, 1, 16, 32, 4079, 4080, 4095, 4096, 4097, 10_000]

it("gives as many bytes as it is asked for, whatever it gave before", () => {
  for (const before of SIZES) {
    for (const size of SIZES) {
      systemRandom(before)
      expect(systemRandom(size)).toHaveLength(size)
    }
  }
})

it("gives no byte of its memory twice", () => {
  const given = Array.from({ length: 50 }, () => SIZES.map((size) => systemRandom(size))).flat()
  const places = Map.groupBy(given, ({ buffer }) => buffer)
  for (const ofBuffer of places.values()) {
    const inOrder = ofBuffer.toSorted((a, b) => a.byteOffset - b.byteOffset || a.length - b.length)
    for (const [i, { byteOffset }] of inOrder.entries()) {
      const previous = inOrder[i - 1]
      const end = previous === undefined ? 0 : previous.byteOffset + previous.length
      expect(byteOffset).toBeGreaterThanOrEqual(end)
    }
  }
})

it("gives other bytes each time", () => {
  const texts = Array.from({ length: 5000 }, () => systemRandom(16).toString("hex"))
  expect(new Set(texts).size).toBe(texts.length)
})
