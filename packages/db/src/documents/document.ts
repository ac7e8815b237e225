import { InvalidRequestError } from "@spinor/core/errors"
import { epochMilliseconds, instantOfEpoch, type Instant } from "@spinor/core/instant"
import { jsonTime, readTimestamp } from "@spinor/core/timestamp"
import type { DocumentDatabase, NewDocument } from "./database.ts"

/** The longest term of Lucene, in bytes of UTF-8. */
const MAX_KEYWORD = 32_766

/** As OpenSearch counts (index.mapping.depth.limit). */
const MAX_ARRAYS = 20

/** Of a document as JSON: a page of longer ones would not fit into an answer. */
const MAX_BYTES = 1_048_576

/** Names that OpenSearch keeps for itself. */
const RESERVED = new Set([
  "_doc_count",
  "_feature",
  "_field_names",
  "_id",
  "_ignored",
  "_index",
  "_nested_path",
  "_primary_term",
  "_routing",
  "_seq_no",
  "_source",
  "_tier",
  "_type",
  "_version",
])

/**
 * A document as every store takes it: times in milliseconds, and no nulls, which change nothing.
 * @throws InvalidRequestError for a name or a value that OpenSearch would refuse
 */
export function storable(database: DocumentDatabase, given: NewDocument): NewDocument {
  const document = Object.fromEntries(
    Object.entries(withoutNulls(given.document)).map(([name, value]) => {
      refuseName(database, name)
      return [name, storedValue(database, name, value)]
    }),
  )
  if (Buffer.byteLength(JSON.stringify(document)) > MAX_BYTES) {
    const { numberField } = database
    throw new InvalidRequestError(
      `What is told of ${numberField} ${given.number} is longer than ${MAX_BYTES} bytes`,
    )
  }
  return { ...given, document }
}

/** Null changes nothing, at any depth: laid over a value, it would stay on one store and remove on others. */
const withoutNulls = (document: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(document).flatMap(([name, value]) => {
      if (value === null) return []
      return [[name, isObject(value) ? withoutNulls(value) : value]]
    }),
  )

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** OpenSearch takes a dot for the way into an object. */
function refuseName({ fields }: DocumentDatabase, name: string): void {
  const steps = name.split(".")
  const [first = ""] = steps
  const intoField = steps.length > 1 && Object.hasOwn(fields, first)
  if (!steps.some((step) => step.trim() === "") && !RESERVED.has(name) && !intoField) return
  throw new InvalidRequestError(`A parameter cannot be named ${JSON.stringify(name)}`)
}

function storedValue({ fields }: DocumentDatabase, name: string, value: unknown): unknown {
  const refuse = (what: string): never => {
    throw new InvalidRequestError(`Parameter ${name} ${what}`)
  }
  switch (Object.hasOwn(fields, name) ? fields[name] : undefined) {
    case "keyword":
      if (typeof value !== "string") return refuse("is no text")
      return Buffer.byteLength(value) > MAX_KEYWORD
        ? refuse(`is longer than ${MAX_KEYWORD} bytes`)
        : value
    case "text":
      return typeof value === "string" ? value : refuse("is no text")
    case "long":
      return Number.isSafeInteger(value) ? value : refuse("is no whole number")
    case "date":
      return millisecondsOf(value) ?? refuse("is no time")
    case undefined:
      return isTooDeep(value) ? refuse(`holds more than ${MAX_ARRAYS} lists in one another`) : value
  }
}

const isTooDeep = (value: unknown, left = MAX_ARRAYS): boolean => {
  if (typeof value !== "object" || value === null) return false
  if (Array.isArray(value)) return left === 0 || value.some((each) => isTooDeep(each, left - 1))
  return Object.values(value).some((each) => isTooDeep(each, left))
}

/** Other clients write times as texts. */
function millisecondsOf(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : undefined
  const at = typeof value === "string" ? readTimestamp(value)?.at : undefined
  return at && epochMilliseconds(at)
}

/** A stored document as it is answered: only the fields that are wanted, times in ISO 8601. */
export function answered(
  { fields }: DocumentDatabase,
  document: Readonly<Record<string, unknown>>,
  wanted: ReadonlySet<string>,
): Record<string, unknown> {
  const entries = Object.entries(document).filter(([name]) => wanted.size === 0 || wanted.has(name))
  return Object.fromEntries(
    entries.map(([name, value]) => [name, fields[name] === "date" ? timeOf(value) : value]),
  )
}

const timeOf = (value: unknown): unknown => {
  const milliseconds = millisecondsOf(value)
  return milliseconds === undefined ? value : jsonTime(instantOfYears(milliseconds))
}

const FIRST = Date.parse("0001-01-01T00:00:00Z")

/** Only these years have four digits; nobody means others. */
const instantOfYears = (milliseconds: number): Instant =>
  instantOfEpoch(Math.min(Math.max(milliseconds, FIRST), Date.UTC(9999, 11, 31)))
