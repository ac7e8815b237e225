import { describe, expect, it } from "vitest"
import { isNumber, readFloat, readInteger, writeFloat } from "@spinor/core/jdl/numbers"

describe("numbers as Python reads and writes them", () => {
  it.each([
    ["12", 12n],
    [" +1_000 ", 1000n],
    ["-007", -7n],
    ["٣٠٠", 300n],
    ["𝟘𝟙𝟚", 12n],
    ["1".repeat(4300), BigInt("1".repeat(4300))],
  ])("reads the integer %s", (text, value) => {
    expect(readInteger(text)).toBe(value)
  })

  it.each(["", "+", "1__0", "_1", "1_", "1.0", "0x10", "1e5", "+ 5", "1".repeat(4301)])(
    "reads no integer from '%s'",
    (text) => {
      expect(readInteger(text)).toBeUndefined()
    },
  )

  it.each([
    ["1.", 1],
    [".5", 0.5],
    ["1_0.0_1", 10.01],
    ["1e1_0", 1e10],
    ["-Infinity", -Infinity],
    ["１.５", 1.5],
  ])("reads the float %s", (text, value) => {
    expect(isNumber(text)).toBe(true)
    expect(readFloat(text)).toBe(value)
  })

  it.each(["", ".", "1_.0", "1e", "0b1", "inf inity", "½", "−5"])(
    "reads no float from '%s'",
    (text) => {
      expect(isNumber(text)).toBe(false)
      expect(readFloat(text)).toBeUndefined()
    },
  )

  it.each([
    [1, "1.0"],
    [-0, "-0.0"],
    [0.1 + 0.2, "0.30000000000000004"],
    [1e15, "1000000000000000.0"],
    [1e16, "1e+16"],
    [1.5e300, "1.5e+300"],
    [0.0001, "0.0001"],
    [-0.00012, "-0.00012"],
    [0.00001, "1e-05"],
    [1e-300, "1e-300"],
    [Number.NaN, "nan"],
    [-Infinity, "-inf"],
  ])("writes %d as %s", (value, text) => {
    expect(writeFloat(value)).toBe(text)
  })
})
