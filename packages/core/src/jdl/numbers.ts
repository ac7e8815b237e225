import { strip } from "./text.ts"

const DIGITS = String.raw`\p{Nd}(?:_?\p{Nd})*`
const INTEGER = new RegExp(`^[+-]?${DIGITS}$`, "u")
const FLOAT = new RegExp(
  String.raw`^[+-]?(?:${DIGITS}(?:\.(?:${DIGITS})?)?|\.${DIGITS})(?:[eE][+-]?${DIGITS})?$`,
  "u",
)
const NOT_FINITE = /^[+-]?(?:inf(?:inity)?|nan)$/i
const DIGIT = /^\p{Nd}$/u

/** Python refuses to read or write integers with more digits. */
export const MAX_DIGITS = 4300

/** Reads what Python's `int()` takes: blanks around, a sign, `_` between digits, digits of any script. */
export function readInteger(text: string): bigint | undefined {
  const bare = strip(text)
  if (!INTEGER.test(bare)) return undefined
  const plain = asciiDigits(bare)
  const digits = plain.replace(/^[+-]/, "")
  if (digits.length > MAX_DIGITS) return undefined
  return plain.startsWith("-") ? -BigInt(digits) : BigInt(digits)
}

/** Whether Python's `float()` takes it, so that a job description writes it without quotes. */
export function isNumber(text: string): boolean {
  const bare = strip(text)
  return FLOAT.test(bare) || NOT_FINITE.test(bare)
}

/** Reads what Python's `float()` takes. */
export function readFloat(text: string): number | undefined {
  const bare = strip(text)
  if (FLOAT.test(bare)) return Number(asciiDigits(bare))
  if (!NOT_FINITE.test(bare)) return undefined
  if (/nan/i.test(bare)) return Number.NaN
  return bare.startsWith("-") ? -Infinity : Infinity
}

/** Writes a float as Python's `repr()` does: `1.0`, `1e-05`, `1e+16`, `inf`. */
export function writeFloat(value: number): string {
  if (Number.isNaN(value)) return "nan"
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf"
  if (Object.is(value, -0)) return "-0.0"
  const [mantissa = "", exponent = ""] = value.toExponential().split("e")
  const power = Number(exponent)
  if (power < -4 || power >= 16) {
    const sign = power < 0 ? "-" : "+"
    return `${mantissa}e${sign}${String(Math.abs(power)).padStart(2, "0")}`
  }
  if (power < 0) return `${value < 0 ? "-" : ""}0.${"0".repeat(-power - 1)}${digitsOf(mantissa)}`
  const plain = String(value)
  return plain.includes(".") ? plain : `${plain}.0`
}

const digitsOf = (mantissa: string): string => mantissa.replace(/[-.]/g, "")

function asciiDigits(text: string): string {
  const plain = text.replaceAll("_", "")
  return /^[\0-\x7F]*$/.test(plain) ? plain : plain.replaceAll(/\p{Nd}/gu, asciiDigit)
}

/** Digits of a script are ten neighbours, or several such runs: the value is the way from the first. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  let first = code
  while (DIGIT.test(String.fromCodePoint(first - 1))) first--
  return String((code - first) % 10)
}
