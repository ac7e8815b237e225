import { and, gte, lt, or, sql, type SQL } from "drizzle-orm"
import type { MySqlColumn } from "drizzle-orm/mysql-core"
import { InvalidRequestError } from "@spinor/core/errors"
import { instant } from "@spinor/core/instant"
import type { SearchSpec } from "@spinor/core/models/search"
import { period, type Period } from "@spinor/core/period"

const within = (column: MySqlColumn, { start, end }: Period) =>
  and(gte(column, start), lt(column, end))

const outside = (column: MySqlColumn, { start, end }: Period) =>
  or(lt(column, start), gte(column, end))

/** An open range has a far end, because SQLite trusts its index only with ranges that have two. */
const EVER: Period = {
  resolution: "second",
  start: instant("1000-01-01T00:00:00Z"),
  end: instant("9999-12-31T23:59:59Z"),
}

/**
 * Compares a time with dates of reduced precision, in ranges that an index serves.
 * @throws InvalidRequestError for what is no date, and for operators on text
 */
export function dateCondition(column: MySqlColumn, spec: SearchSpec): SQL | undefined {
  switch (spec.operator) {
    case "eq":
      return within(column, period(spec.value))
    case "neq":
      return outside(column, period(spec.value))
    case "gt":
      return within(column, { ...EVER, start: period(spec.value).end })
    case "lt":
      return within(column, { ...EVER, end: period(spec.value).start })
    case "in":
      return spec.values.length === 0
        ? sql`1 = 0`
        : or(...periods(spec).map((each) => within(column, each)))
    case "not in":
      return and(...periods(spec).map((each) => outside(column, each)))
    default:
      period(spec.value)
      throw new InvalidRequestError(
        `Operator '${spec.operator}' is not supported for partial datetime values`,
      )
  }
}

function periods(spec: SearchSpec & { values: readonly (string | number)[] }): Period[] {
  const periods = [...new Set(spec.values)].map(period)
  if (new Set(periods.map((each) => each.resolution)).size > 1) {
    throw new InvalidRequestError(
      `Cannot mix different time resolutions in query=${JSON.stringify(spec)}`,
    )
  }
  return periods
}
