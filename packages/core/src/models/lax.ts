import * as z from "zod"
import { readTimestamp } from "../timestamp.ts"

/**
 * Numbers, booleans and times as pydantic's lax mode reads them from JSON, forms and URLs: the type
 * itself, or a text that spells it. `openapi` is what DiracX's document says of the type.
 */
const lax = <S extends z.ZodType>(
  schema: S,
  openapi: Record<string, unknown>,
  read: (value: unknown, refuse: (type: string, message: string) => undefined) => unknown,
) =>
  z
    .preprocess((value, context) => {
      if (value === undefined) return value
      let refused = false
      const result = read(value, (type, message) => {
        refused = true
        context.addIssue({ code: "custom", message, params: { type } })
        return undefined
      })
      return refused ? z.NEVER : result
    }, schema)
    .meta({ openapi })

const NOT_AN_INTEGER = "Input should be a valid integer"

const readInteger = (value: unknown, refuse: (type: string, message: string) => undefined) => {
  if (typeof value === "boolean") return Number(value)
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return refuse("finite_number", "Input should be a finite number")
    if (Number.isInteger(value)) return value
    return refuse("int_from_float", `${NOT_AN_INTEGER}, got a number with a fractional part`)
  }
  if (typeof value !== "string") return refuse("int_type", NOT_AN_INTEGER)
  if (/^\s*[+-]?\d+(_\d+)*(\.0+)?\s*$/.test(value)) return Number(value.trim().replaceAll("_", ""))
  return refuse("int_parsing", `${NOT_AN_INTEGER}, unable to parse string as an integer`)
}

export interface Bounds {
  readonly min?: number
  readonly max?: number
}

/** A whole number within bounds. */
export const integerWithin = ({ min, max }: Bounds) => {
  let schema = z.int(NOT_AN_INTEGER)
  if (min !== undefined) schema = schema.min(min, `Input should be greater than or equal to ${min}`)
  if (max !== undefined) schema = schema.max(max, `Input should be less than or equal to ${max}`)
  const openapi = {
    type: "integer",
    ...(min !== undefined && { minimum: min }),
    ...(max !== undefined && { maximum: max }),
  }
  return lax(schema, openapi, readInteger)
}

export const integer = integerWithin({})

const DECIMAL = /^\s*[-+]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[-+]?\d+)?\s*$/i

/** A finite number. */
export const decimal = lax(
  z.number("Input should be a finite number"),
  { type: "number" },
  (value, refuse) => {
    if (typeof value === "boolean") return Number(value)
    if (typeof value === "number") return value
    if (typeof value !== "string") return refuse("float_type", "Input should be a valid number")
    if (DECIMAL.test(value)) return Number(value.trim().replaceAll("_", ""))
    return refuse(
      "float_parsing",
      "Input should be a valid number, unable to parse string as a number",
    )
  },
)

const TRUE = new Set(["1", "on", "t", "true", "y", "yes"])
const FALSE = new Set(["0", "off", "f", "false", "n", "no"])

/** A boolean, or one of the words and numbers that mean one. */
export const boolean = lax(z.boolean(), { type: "boolean" }, (value, refuse) => {
  if (typeof value === "boolean") return value
  if (typeof value !== "string" && typeof value !== "number") {
    return refuse("bool_type", "Input should be a valid boolean")
  }
  const word = String(value).toLowerCase()
  if (TRUE.has(word)) return true
  if (FALSE.has(word)) return false
  return refuse("bool_parsing", "Input should be a valid boolean, unable to interpret input")
})

/** A moment of which it is said that it is in UTC, or how far from it. */
export const timestamp = z
  .string("Input should be a valid datetime")
  .transform((value, context) => {
    const at = readTimestamp(value)?.at
    if (at !== undefined) return at
    context.addIssue({ code: "custom", message: "Input should be a datetime in UTC" })
    return z.NEVER
  })

/** JSON cannot hold what 1e400 is read as, so it would come back as null. */
const isFinite = (value: unknown): boolean => {
  if (typeof value === "number") return Number.isFinite(value)
  return typeof value !== "object" || value === null || Object.values(value).every(isFinite)
}

/** Any JSON without infinite numbers. */
export const finite = z.unknown().refine(isFinite, {
  error: "Input should be a finite number",
  params: { type: "finite_number" },
})

export const text = z.string("Input should be a valid string")

export interface Matching {
  /** Instead of the pattern, where what is accepted differs from what the document tells. */
  readonly accepts?: (text: string) => boolean
  /** The longest text, in characters. */
  readonly max?: number
}

/** A text of a certain form. */
export const matching = (
  pattern: string,
  { accepts = (value) => new RegExp(pattern).test(value), max }: Matching = {},
) => {
  const schema = text.refine(accepts, {
    error: `String should match pattern '${pattern}'`,
    params: { type: "string_pattern_mismatch" },
  })
  const openapi = { type: "string", pattern, ...(max !== undefined && { maxLength: max }) }
  if (max === undefined) return schema.meta({ openapi })
  return schema
    .refine((value) => value.length <= max, {
      error: `String should have at most ${max} characters`,
      params: { type: "string_too_long" },
    })
    .meta({ openapi })
}

/** May be null, and is when absent. */
export const nullable = <S extends z.ZodType>(schema: S) => z.nullable(schema).default(null)

/** The schemas that most fields share: to make one takes longer than to read it from JSON. */
export const nullableText = nullable(text)
