import { describe, expect, it } from "vitest"
import { isFlat, memoryOf, processorsOf, saturated } from "./usage.ts"
import type { Sample } from "./watch.ts"

/** A sample a second, of ten minutes. */
const samples = (megabytes: (second: number) => number): Sample[] =>
  Array.from({ length: 600 }, (_, seconds) => ({
    seconds,
    megabytes: megabytes(seconds),
    server: 0,
    mariadb: 0,
    machine: 0,
    waiting: 0,
  }))

describe("memory", () => {
  it("is that around the start, the middle and the end", () => {
    const { start, middle, end, perMinute } = memoryOf(samples((second) => 300 + second))
    expect([start, middle, end]).toEqual([329.5, 599.5, 869.5])
    expect(perMinute).toBeCloseTo(60)
  })

  it("may have grown in the first half only", () => {
    const memory = memoryOf(samples((second) => Math.min(500, 300 + second)))
    expect(memory.perMinute).toBeCloseTo(0)
  })
})

it.each([
  [40, 43.9, true],
  [40, 39, true],
  [40, 44.1, false],
  [undefined, undefined, undefined],
])("memory in use of %d and then %d is flat: %s", (before, after, expected) => {
  expect(isFlat({ before, after })).toBe(expected)
})

const sample = (seconds: number, used: number): Sample => ({
  seconds,
  megabytes: 0,
  server: used,
  mariadb: used * 2,
  machine: used * 4,
  waiting: used / 2,
})

it("processors are seconds of work in a second", () => {
  expect(processorsOf([sample(0, 100), sample(5, 101), sample(10, 105)], 1)).toEqual({
    server: 0.5,
    mariadb: 1,
    generator: 0.1,
    machine: 2,
    waiting: 0.25,
  })
})

describe("what saturates", () => {
  const idle = { server: 0, mariadb: 0, generator: 0, machine: 0, waiting: 0 }
  it.each([
    [{ server: 0.8, mariadb: 1, machine: 1.95 }, "all 2 processors"],
    [{ server: 0.95, machine: 1.3 }, "the server's processes"],
    [{ generator: 0.95, server: 0.95, machine: 1.99 }, "the generator"],
    [{ server: 0.2, machine: 0.5, waiting: 1.4 }, "the disk"],
    [{ server: 0.2, machine: 0.5, waiting: 0.1 }, "neither processors nor disk"],
  ])("with %j is %s", (used, expected) => {
    expect(saturated({ ...idle, ...used }, { processors: 2, processes: 1 })).toBe(expected)
  })
})
