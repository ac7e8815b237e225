import { InvalidRequestError } from "../errors.ts"
import { MAX_DIGITS, writeFloat } from "./numbers.ts"

interface Progression {
  readonly start: bigint | number
  readonly step: bigint | number
  readonly factor: bigint | number
}

/**
 * So many values, each the one before times the factor plus the step: integers of any size,
 * or floats as soon as one of the three is a float.
 * @throws InvalidRequestError when Python could not write or convert a number
 */
export function parameterSequence(count: number, { start, step, factor }: Progression): string[] {
  return typeof start === "bigint" && typeof step === "bigint" && typeof factor === "bigint"
    ? integers(count, start, step, factor)
    : floats(count, toFloat(start), toFloat(step), toFloat(factor))
}

function integers(count: number, start: bigint, step: bigint, factor: bigint): string[] {
  const values: string[] = []
  for (let value = start; values.length < count; value = value * factor + step) {
    const text = String(value)
    if (text.replace("-", "").length > MAX_DIGITS) {
      throw new InvalidRequestError(`A parameter has more than ${MAX_DIGITS} digits`)
    }
    values.push(text)
  }
  return values
}

function floats(count: number, start: number, step: number, factor: number): string[] {
  const values: string[] = []
  for (let value = start; values.length < count; value = value * factor + step) {
    values.push(writeFloat(value))
  }
  return values
}

function toFloat(value: bigint | number): number {
  const float = Number(value)
  if (typeof value === "bigint" && !Number.isFinite(float)) {
    throw new InvalidRequestError("A parameter is too large to be a float")
  }
  return float
}
