import { getTableColumns, sql, type SQL } from "drizzle-orm"
import type { MySqlColumn } from "drizzle-orm/mysql-core"
import type { Overwrite } from "./dialect.ts"

/** A column's name without its table, as the right side of an upsert and a list of columns want it. */
export const bare = (column: MySqlColumn): SQL => sql`${sql.identifier(column.name)}`

/** drizzle's `set`: for each column, under the key that its table has for it, the given value. */
export function setEach(
  columns: readonly MySqlColumn[],
  value: (column: MySqlColumn) => SQL,
): Record<string, SQL> {
  const keys = new Map(
    columns.flatMap((column) =>
      Object.entries(getTableColumns(column.table)).map(([key, each]) => [each.name, key] as const),
    ),
  )
  return Object.fromEntries(
    columns.map((column) => [keys.get(column.name) ?? column.name, value(column)]),
  )
}

/** The assignments that follow "do update set" and "on duplicate key update". */
export const assignments = (
  { columns, combine = (_, inserted) => inserted }: Overwrite,
  inserted: (column: MySqlColumn) => SQL,
): SQL =>
  sql.join(
    columns.map((column) => sql`${bare(column)} = ${combine(column, inserted(column))}`),
    sql`, `,
  )
