import { and, gt, like, lt, ne, not, notLike, sql } from "drizzle-orm"
import type { SQL } from "drizzle-orm"
import type { MySqlColumn, MySqlTable } from "drizzle-orm/mysql-core"
import { InvalidRequestError } from "@spinor/core/errors"
import type { SearchSpec } from "@spinor/core/models/search"
import type { Dialect, Reading } from "../dialects/dialect.ts"
import { columnsOf } from "./columns.ts"
import { dateCondition } from "./date-condition.ts"
import { integerCondition } from "./integer-condition.ts"

/** In all conditions together: SQLite's planner takes minutes for several with many alternatives each. */
const MAX_DATES = 100

/** How rows are read that are equal in a column: asked for each that is compared for equality. */
export type ReadingOf = (column: MySqlColumn) => Reading

/** The condition that all of the specs hold; none if there are no specs. */
export function searchFilter(
  table: MySqlTable,
  specs: readonly SearchSpec[],
  dialect: Dialect,
  reading: ReadingOf,
): SQL | undefined {
  const columns = columnsOf(table)
  let dates = 0
  return and(
    ...specs.map((spec) => {
      const column = columns.get(spec.parameter)
      if (column === undefined) throw new InvalidRequestError(`Unknown column ${spec.parameter}`)
      if (kindOf(column) === "date" && "values" in spec) dates += new Set(spec.values).size
      if (dates > MAX_DATES) {
        throw new InvalidRequestError(`Cannot compare with more than ${MAX_DATES} dates at once`)
      }
      return condition(column, spec, dialect, reading)
    }),
  )
}

const NEVER = sql`1 = 0`

function condition(
  column: MySqlColumn,
  spec: SearchSpec,
  dialect: Dialect,
  reading: ReadingOf,
): SQL | undefined {
  const kind = kindOf(column)
  if (kind === "date") return dateCondition(column, spec)
  if (spec.operator === "like" || spec.operator === "not like" || spec.operator === "regex") {
    const text = kind === "integer" ? dialect.asText(column) : column
    if (spec.operator === "regex") return dialect.matches(text, pattern(spec.value))
    return (spec.operator === "like" ? like : notLike)(sql`${text}`, String(spec.value))
  }
  if (kind === "integer") return integerCondition(column, spec, dialect)
  const stored = kind === "flag" ? flagText : String
  switch (spec.operator) {
    case "eq":
      return dialect.equals(column, stored(spec.value), reading(column))
    case "neq":
      return ne(sql`${column}`, stored(spec.value))
    case "gt":
      return gt(sql`${column}`, stored(spec.value))
    case "lt":
      return lt(sql`${column}`, stored(spec.value))
    case "in":
      return spec.values.length === 0 ? NEVER : dialect.isOneOf(column, spec.values.map(stored))
    case "not in":
      return spec.values.length === 0
        ? undefined
        : not(dialect.isOneOf(column, spec.values.map(stored)))
  }
}

type Kind = "date" | "integer" | "flag" | "text"

/** How the values of a column compare. */
export function kindOf(column: MySqlColumn): Kind {
  const type = column.getSQLType()
  if (/^(datetime|timestamp)/.test(type)) return "date"
  if (/^(int|bigint|serial)/.test(type)) return "integer"
  // In the dialects without enumerations, flags are the only texts this short.
  return /^(enum|varchar\([56]\)$)/.test(type) ? "flag" : "text"
}

/** A flag is stored as a word; JSON's true and 1 mean it too. */
function flagText(value: string | number): string {
  if (value === 1 || /^true$/i.test(String(value))) return "True"
  return value === 0 || /^false$/i.test(String(value)) ? "False" : String(value)
}

/** Most engines would refuse a broken pattern late, and each in its own words. */
function pattern(value: string | number): string {
  const text = String(value)
  try {
    // Databases know this flag, JavaScript does not.
    RegExp(text.replace(/^\(\?i\)/, ""))
  } catch {
    throw new InvalidRequestError(`Invalid regex ${text}`)
  }
  return text
}
