import { eq, gt, isNotNull, lt, ne, not, sql, type SQL } from "drizzle-orm"
import type { MySqlColumn } from "drizzle-orm/mysql-core"
import type { SearchSpec } from "@spinor/core/models/search"
import type { Dialect } from "../dialects/dialect.ts"

const NEVER = sql`1 = 0`
const LARGEST = 2 ** 31 - 1

/**
 * Compares an integer with numbers, or texts that may hold one. What the column cannot hold is
 * compared by its place in the order of numbers, where a word comes after all of them, as on SQLite.
 */
export function integerCondition(
  column: MySqlColumn,
  spec: SearchSpec,
  dialect: Dialect,
): SQL | undefined {
  switch (spec.operator) {
    case "in": {
      const held = spec.values.map(numberOf).filter(isHeld)
      return held.length === 0 ? NEVER : dialect.isOneOf(column, held)
    }
    case "not in": {
      const held = spec.values.map(numberOf).filter(isHeld)
      if (held.length > 0) return not(dialect.isOneOf(column, held))
      return spec.values.length === 0 ? undefined : isNotNull(column)
    }
    case "eq": {
      const value = numberOf(spec.value)
      return isHeld(value) ? eq(column, value) : NEVER
    }
    case "neq": {
      const value = numberOf(spec.value)
      return isHeld(value) ? ne(column, value) : isNotNull(column)
    }
    case "gt": {
      const value = Math.floor(numberOf(spec.value))
      if (value > LARGEST) return NEVER
      return isHeld(value) ? gt(column, value) : isNotNull(column)
    }
    case "lt": {
      const value = Math.ceil(numberOf(spec.value))
      if (value < -LARGEST) return NEVER
      return isHeld(value) ? lt(column, value) : isNotNull(column)
    }
    default:
      return undefined
  }
}

const isHeld = (value: number): boolean => Number.isInteger(value) && Math.abs(value) <= LARGEST

const numberOf = (value: string | number): number =>
  typeof value === "number" || /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : Infinity
