import { and, asc, desc, eq, gt, gte, isNotNull, isNull, lt, lte, or, sql } from "drizzle-orm"
import type { SQL, SQLWrapper } from "drizzle-orm"
import type { MySqlColumn, MySqlTable } from "drizzle-orm/mysql-core"
import { InvalidRequestError } from "@spinor/core/errors"
import type { SortSpec } from "@spinor/core/models/search"
import { notOfThisSearch } from "../../cursor.ts"
import type { Dialect } from "../dialects/dialect.ts"
import { columnsOf } from "./columns.ts"
import { kindOf } from "./filter.ts"

export interface Sort {
  readonly column: MySqlColumn
  readonly isAscending: boolean
}

/**
 * What a search is sorted by, each column once.
 * @throws InvalidRequestError for unknown columns
 */
export function readSorts(table: MySqlTable, specs: readonly SortSpec[]): Sort[] {
  const columns = columnsOf(table)
  const sorts = new Map<MySqlColumn, Sort>()
  for (const { parameter, direction } of specs) {
    const column = columns.get(parameter)
    if (column === undefined) {
      throw new InvalidRequestError(`Cannot sort by ${parameter}: unknown column`)
    }
    if (!sorts.has(column)) sorts.set(column, { column, isAscending: direction === "asc" })
  }
  return [...sorts.values()]
}

/**
 * Ends an order with the key, so that it is never left open. The key goes in the direction of the last
 * sort, because an index that holds both is read in one of them.
 */
export function endedBy(key: MySqlColumn, sorts: readonly Sort[]): Sort[] {
  const at = sorts.findIndex(({ column }) => column === key)
  if (at >= 0) return sorts.slice(0, at + 1)
  return [...sorts, { column: key, isAscending: sorts.at(-1)?.isAscending ?? true }]
}

/** Indexes by their columns, which end with the key; and what all rows of a search are equal in. */
interface Ways {
  readonly key: MySqlColumn
  readonly indexes: readonly (readonly MySqlColumn[])[]
  readonly equal: ReadonlySet<MySqlColumn>
}

/**
 * What an index has before the sorts, if all rows are equal in it. Their order may as well begin with
 * that: so MariaDB sees that the index has the order, and where in it the page begins.
 */
export function leadTo(sorts: readonly Sort[], { key, indexes, equal }: Ways): Sort[] {
  const isAscending = sorts.at(-1)?.isAscending ?? true
  if (sorts.some((sort) => sort.isAscending !== isAscending)) return []
  for (const index of indexes) {
    const columns = [...index, key]
    const rest = columns.splice(-sorts.length)
    const isOrdered = sorts.every(({ column }, i) => column === rest[i])
    if (isOrdered && columns.every((column) => equal.has(column))) {
      return columns.map((column) => ({ column, isAscending }))
    }
  }
  return []
}

export const orderBy = (sorts: readonly Sort[]): SQL[] =>
  sorts.map(({ column, isAscending }) => (isAscending ? asc(column) : desc(column)))

/** The values by which a row is placed, as the driver gives them and the database compares them. */
export const placeOf = (sorts: readonly Sort[], dialect: Dialect): Record<string, SQL> =>
  Object.fromEntries(sorts.map(({ column }, i) => [i, sql`${dialect.sorted(column)}`]))

/** A value of a sort and how the database compares with it. */
interface Step {
  readonly field: SQLWrapper
  readonly value: string | number | null
  readonly isAscending: boolean
  readonly isNullable: boolean
  /** Whether NULL comes after all values. */
  readonly nullsLast: boolean
}

/**
 * What comes after a row in the order: conditions whose rows follow one another. There is a second one
 * where the first column may be NULL, because no index serves "beyond a value, or NULL".
 * @throws InvalidRequestError for values that are not those of the sorts
 */
export function after(
  sorts: readonly Sort[],
  values: readonly unknown[],
  dialect: Dialect,
): (SQL | undefined)[] {
  if (values.length !== sorts.length) throw notOfThisSearch()
  const steps = sorts.map(({ column, isAscending }, i): Step => {
    return {
      field: dialect.sorted(column),
      value: valueOf(column, values[i]),
      isAscending,
      isNullable: !column.notNull,
      nullsLast: dialect.nullsComeFirst !== isAscending,
    }
  })
  const [first, ...rest] = steps
  if (first === undefined) return [undefined]
  const { field, value, isAscending, isNullable, nullsLast } = first
  if (value === null) {
    const others = nullsLast ? [] : [isNotNull(field)]
    return [and(isNull(field), beyond(rest)), ...others]
  }
  const nulls = isNullable && nullsLast ? [isNull(field)] : []
  const alike = rest.every((step) => !step.isNullable && step.isAscending === isAscending)
  if (dialect.comparesRows && alike) return [rowBeyond(steps, isAscending), ...nulls]
  // Implied by the rest, but this is what an index is looked up by.
  const bound = rest.length > 0 ? (isAscending ? gte : lte)(sql`${field}`, value) : undefined
  return [and(bound, beyond([{ ...first, isNullable: false }, ...rest])), ...nulls]
}

function rowBeyond(steps: readonly Step[], isAscending: boolean): SQL {
  const list = (parts: readonly unknown[]) =>
    sql`(${sql.join(
      parts.map((part) => sql`${part}`),
      sql`, `,
    )})`
  const [fields, values] = [steps.map(({ field }) => field), steps.map(({ value }) => value)]
  return sql`${list(fields)} ${sql.raw(isAscending ? ">" : "<")} ${list(values)}`
}

/** The same written out: it may change direction, and MariaDB finds ranges in it. */
const beyond = (steps: readonly Step[]): SQL | undefined =>
  or(...steps.map((step, i) => and(...steps.slice(0, i).map(equal), further(step))))

const equal = ({ field, value }: Step): SQL =>
  value === null ? isNull(field) : eq(sql`${field}`, value)

function further({ field, value, isAscending, isNullable, nullsLast }: Step): SQL | undefined {
  if (value === null) return nullsLast ? sql`1 = 0` : isNotNull(field)
  const further = (isAscending ? gt : lt)(sql`${field}`, value)
  return isNullable && nullsLast ? or(further, isNull(field)) : further
}

function valueOf(column: MySqlColumn, value: unknown): string | number | null {
  const kind = kindOf(column)
  if (value === null && !column.notNull) return value
  if (typeof value === "string" && kind !== "integer") return value
  if (typeof value === "number" && kind !== "date") return value
  throw notOfThisSearch()
}
