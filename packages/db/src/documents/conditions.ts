import { InvalidRequestError } from "@spinor/core/errors"
import { epochMilliseconds } from "@spinor/core/instant"
import type { SearchSpec, SortSpec } from "@spinor/core/models/search"
import { period } from "@spinor/core/period"
import type { DocumentDatabase, FieldType } from "./database.ts"
import { MAX_PATTERN, readPattern } from "./pattern.ts"
import type { Condition, Range, Sort, Test, Value } from "./query.ts"

const COMPARED: readonly FieldType[] = ["keyword", "long", "date"]
const OPERATORS: Record<SearchSpec["operator"], readonly FieldType[]> = {
  eq: COMPARED,
  neq: COMPARED,
  gt: COMPARED,
  lt: COMPARED,
  in: COMPARED,
  "not in": COMPARED,
  like: ["keyword"],
  "not like": ["keyword"],
  regex: ["keyword"],
}

/** More values than OpenSearch takes in one condition (index.max_terms_count). */
const MAX_VALUES = 65_536
/** In all conditions together: SQLite's planner takes minutes for several with many alternatives each. */
const MAX_DATES = 100

/**
 * Reads the conditions of a search by the types of the fields.
 * @throws InvalidRequestError for a field that is not declared, an operator that its type does not
 * have, and a value that it cannot hold
 */
export const readConditions = (
  { fields }: DocumentDatabase,
  specs: readonly SearchSpec[],
): Condition[] => {
  const conditions = specs.map((spec): Condition => {
    const field = spec.parameter
    const type = typeOf(fields, field)
    if (!OPERATORS[spec.operator].includes(type)) {
      throw new InvalidRequestError(`Cannot apply ${spec.operator} to ${field} (a ${type} field)`)
    }
    return { field, type, test: testOf(spec, type), negated: isNegated(spec.operator) }
  })
  const dates = conditions.flatMap(({ test }) => (test.is === "within" ? test.ranges : []))
  if (dates.length <= MAX_DATES) return conditions
  throw new InvalidRequestError(`Cannot compare with more than ${MAX_DATES} dates at once`)
}

const isNegated = (operator: SearchSpec["operator"]): boolean =>
  operator === "neq" || operator.startsWith("not ")

function typeOf(fields: DocumentDatabase["fields"], field: string): FieldType {
  const type = Object.hasOwn(fields, field) ? fields[field] : undefined
  if (type !== undefined) return type
  throw new InvalidRequestError(`Field ${field} is not included in the index mapping`)
}

function testOf(spec: SearchSpec, type: FieldType): Test {
  switch (spec.operator) {
    case "like":
    case "not like":
      return { is: "like", pattern: readLike(String(spec.value)) }
    case "regex":
      return { is: "matches", pattern: readPattern(String(spec.value)) }
    case "gt":
    case "lt":
      return { is: "within", ranges: [beyond(spec.operator, type, spec)] }
    case "eq":
    case "neq":
      return among(spec.parameter, type, [spec.value])
    case "in":
    case "not in":
      return among(spec.parameter, type, spec.values)
  }
}

/** @throws InvalidRequestError for a backslash with nothing after it, and for what would take long */
function readLike(pattern: string): string {
  if (pattern.length > MAX_PATTERN) {
    throw new InvalidRequestError(
      `A pattern of like cannot have more than ${MAX_PATTERN} characters`,
    )
  }
  if (!/(?<!\\)(?:\\\\)*\\$/.test(pattern)) return pattern
  throw new InvalidRequestError("A pattern of like cannot end with a single backslash")
}

function among(field: string, type: FieldType, given: readonly Value[]): Test {
  if (given.length > MAX_VALUES) {
    throw new InvalidRequestError(`Cannot compare ${field} with more than ${MAX_VALUES} values`)
  }
  if (type === "date") return { is: "within", ranges: given.map(rangeOf) }
  return { is: "oneOf", values: given.map((value) => comparable(field, type, value)) }
}

function beyond(
  operator: "gt" | "lt",
  type: FieldType,
  { parameter, value }: { parameter: string; value: Value },
): Range {
  if (type !== "date") {
    const bound = comparable(parameter, type, value)
    return operator === "gt" ? { over: bound } : { below: bound }
  }
  const { start, end } = period(value)
  return operator === "gt" ? { from: epochMilliseconds(end) } : { below: epochMilliseconds(start) }
}

/** "2024-02" is all of that February. */
function rangeOf(value: Value): Range {
  const { start, end } = period(value)
  return { from: epochMilliseconds(start), below: epochMilliseconds(end) }
}

function comparable(field: string, type: FieldType, value: Value): Value {
  if (type !== "long") return String(value)
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value
  if (Number.isSafeInteger(number)) return Number(number)
  throw new InvalidRequestError(`Cannot compare ${field} with what is no whole number`)
}

/**
 * Reads the order of a search, which the key of the database ends. What a condition binds to one value
 * is left out of the key: an index then goes through the rest.
 * @throws InvalidRequestError for a field that is not declared, and for one of text
 */
export function readSorts(
  { fields, key }: DocumentDatabase,
  specs: readonly SortSpec[],
  conditions: readonly Condition[],
): Sort[] {
  const sorts = specs.map(({ parameter, direction }): Sort => {
    const type = typeOf(fields, parameter)
    if (type !== "text") return { field: parameter, type, direction }
    throw new InvalidRequestError(`Cannot apply sort to ${parameter} (a text field)`)
  })
  const isBound = (field: string) =>
    conditions.some(
      ({ field: bound, test, negated }) =>
        bound === field && !negated && test.is === "oneOf" && test.values.length === 1,
    )
  const rest = key.filter((field, i) => i === key.length - 1 || !isBound(field))
  const ends = rest
    .filter((field) => !sorts.some((sort) => sort.field === field))
    .map((field): Sort => ({ field, type: typeOf(fields, field), direction: "asc" }))
  return [...sorts, ...ends]
}
