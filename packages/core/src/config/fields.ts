import * as z from "zod"
import { text } from "../models/lax.ts"
import { jsonOf, keyText, mappingOf } from "./values.ts"

/** What a schema may accept besides what the types say. */
export interface Leniency {
  /** Comma-separated texts as lists and "None" as null, as DIRAC's CFG files have them. */
  readonly legacyValues: boolean
}

type Report = (message: string, path?: PropertyKey[]) => undefined

/** A schema behind a conversion that may refuse its input; an absent value goes past it. */
const converted = <S extends z.ZodType>(
  schema: S,
  convert: (value: unknown, refuse: Report) => unknown,
) =>
  z.preprocess((value, context) => {
    if (value === undefined) return value
    const issues = context.issues.length
    const result = convert(value, (message, path = []) => {
      context.addIssue({ code: "custom", message, path })
      return undefined
    })
    return context.issues.length > issues ? z.NEVER : result
  }, schema)

/** A section whose content is free, as JSON has it. */
export const anything = z.unknown().transform(jsonOf).default(null)

const items = (value: unknown, { legacyValues }: Leniency): unknown[] | undefined => {
  if (Array.isArray(value)) return value
  if (value instanceof Set) return [...value]
  if (!legacyValues || typeof value !== "string") return undefined
  return value
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean)
}

export const list = (leniency: Leniency) =>
  converted(
    z.array(text),
    (value, refuse) => items(value, leniency) ?? refuse("Input should be a valid list"),
  )

/** A list without repetitions, sorted. */
export const set = (leniency: Leniency) =>
  converted(
    z.array(text).transform((values) => [...new Set(values)].sort()),
    (value, refuse) => items(value, leniency) ?? refuse("Input should be a valid set"),
  )

/** May be null, and is when absent. */
export const optional = <S extends z.ZodType>(schema: S, { legacyValues }: Leniency) =>
  converted(z.nullable(schema), (value) =>
    legacyValues && value === "None" ? null : value,
  ).default(null)

/** A mapping from names to values of one kind. It has no prototype, so that any name can be looked up. */
export const mapping = <S extends z.ZodType>(schema: S) => {
  const record = z
    .record(z.string(), schema)
    .transform((value): Record<string, z.output<S>> => Object.assign(Object.create(null), value))
  return converted(record, (value, refuse) => {
    const entries = mappingOf(value)
    if (!entries) return refuse("Input should be a valid dictionary")
    for (const key of entries.keys()) {
      if (typeof key !== "string") refuse("Input should be a valid string", [keyText(key), "[key]"])
    }
    return Object.fromEntries(entries)
  })
}

/** A section with fixed keys. DiracX's Python names of the fields are read in their place. */
export const section = <S extends Record<string, z.ZodType>>(
  fields: S,
  { unknownKeys = "refuse" }: { unknownKeys?: "refuse" | "ignore" } = {},
) => {
  const names = new Map(Object.keys(fields).map((key) => [fieldName(key), key]))
  return converted(
    unknownKeys === "refuse" ? z.strictObject(fields) : z.object(fields),
    (value, refuse) => {
      const entries = mappingOf(value)
      if (!entries) return refuse("Input should be a valid dictionary")
      const read: Record<string, unknown> = {}
      for (const [key, item] of entries) {
        if (typeof key !== "string") {
          refuse("Keys should be strings", [keyText(key)])
          continue
        }
        const alias = names.get(key) ?? key
        read[entries.has(alias) ? key : alias] = item
      }
      return read
    },
  )
}

const IRREGULAR: Readonly<Record<string, string>> = {
  AllowBackgroundTQs: "allow_background_tqs",
  DNs: "dns",
  EMail: "email",
  IdP: "idp",
}

/** The name of a field in DiracX's Python model: `DefaultCPUTime` is `default_cpu_time`. */
export const fieldName = (key: string): string =>
  IRREGULAR[key] ??
  key
    .replaceAll(/([a-z\d])([A-Z])/g, "$1_$2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase()
