import { sql, type SQL } from "drizzle-orm"
import type { MySqlColumn } from "drizzle-orm/mysql-core"
import type { Overwrite } from "./dialect.ts"

/** A column's name without its table, as an assignment and a list of columns want it. */
export const bare = (column: MySqlColumn): SQL => sql`${sql.identifier(column.name)}`

/** The assignments that follow "do update set" and "on duplicate key update". */
export const assignments = (
  { columns, combine = (_, inserted) => inserted }: Overwrite,
  inserted: (column: MySqlColumn) => SQL,
): SQL =>
  sql.join(
    columns.map((column) => sql`${bare(column)} = ${combine(column, inserted(column))}`),
    sql`, `,
  )
