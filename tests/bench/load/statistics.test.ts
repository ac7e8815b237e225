import { describe, expect, it } from "vitest"
import { median, percentile, readable, slope } from "./statistics.ts"

describe("a percentile", () => {
  const hundred = Array.from({ length: 100 }, (_, i) => i + 1)

  it.each([
    [0.5, 50],
    [0.95, 95],
    [0.99, 99],
    [1, 100],
    [0, 1],
  ])("%d of 1 to 100 is %d", (part, expected) => {
    expect(percentile(hundred, part)).toBe(expected)
  })

  it.each([
    [0.5, 1],
    [0.51, 2],
    [0.95, 2],
  ])("%d of 1 and 2 is one of both: %d", (part, expected) => {
    expect(percentile([1, 2], part)).toBe(expected)
  })

  it("of one value is that value", () => {
    expect(percentile([7], 0.99)).toBe(7)
  })

  it("of none is not a number", () => {
    expect(percentile([], 0.5)).toBeNaN()
  })
})

describe("a median", () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[10, 9], 9.5],
    [[5], 5],
    [[], Number.NaN],
  ])("of %j is %d", (values, expected) => {
    expect(median(values)).toBe(expected)
  })
})

describe("a slope", () => {
  it.each([
    [
      [
        [0, 1],
        [1, 3],
        [2, 5],
      ],
      2,
    ],
    [
      [
        [10, 4],
        [20, 4],
      ],
      0,
    ],
    [
      [
        [0, 0],
        [1, 3],
        [2, 0],
      ],
      0,
    ],
    [
      [
        [0, 0],
        [1, 1],
        [2, 0],
        [3, 3],
      ],
      0.8,
    ],
    [[[1, 1]], Number.NaN],
    [[], Number.NaN],
  ] as const)("of %j is %d", (points, expected) => {
    expect(slope(points)).toBe(expected)
  })
})

describe("a readable number", () => {
  it.each([
    [0.012345, 0.0123],
    [1.2345, 1.23],
    [12.345, 12.3],
    [123.45, 123],
    [12_345.6, 12_346],
    [0, 0],
    [Number.NaN, Number.NaN],
    [Infinity, Infinity],
  ])("of %d is %d", (value, expected) => {
    expect(readable(value)).toBe(expected)
  })
})
