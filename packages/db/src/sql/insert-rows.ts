import { getTableColumns } from "drizzle-orm"
import type { MySqlTable } from "drizzle-orm/mysql-core"
import type { Queries } from "./queries.ts"
import type { Dialect, Overwrite } from "./dialects/dialect.ts"
import { driverValue } from "./driver-value.ts"

/**
 * Inserts rows in one statement, which has one parameter however many they are. A row whose key
 * exists is an error, unless it is told what becomes of it.
 */
export async function insertRows<Table extends MySqlTable>(
  { db, dialect }: { readonly db: Queries; readonly dialect: Dialect },
  table: Table,
  rows: readonly Table["$inferInsert"][],
  existing?: Overwrite,
): Promise<void> {
  if (rows.length === 0) return
  // The keys of a table's rows are known to the table alone.
  const records = rows as readonly Readonly<Record<string, unknown>>[]
  const given = Object.entries(getTableColumns(table)).filter(([key]) =>
    records.some((row) => row[key] !== undefined),
  )
  const columns = given.map(([, column]) => column)
  const values = records.map((row) => given.map(([key, column]) => driverValue(column, row[key])))
  await db.run(dialect.insertFromJson(table, columns, values, existing))
}
