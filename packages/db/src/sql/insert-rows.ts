import { getTableColumns, sql } from "drizzle-orm"
import type { MySqlColumn, MySqlTable } from "drizzle-orm/mysql-core"
import type { Queries } from "./queries.ts"
import type { Dialect, Overwrite } from "./dialects/dialect.ts"
import { driverValue } from "./driver-value.ts"
import { Statements } from "./statements.ts"

/** A quarter of what MySQL takes unless told otherwise (max_allowed_packet): a driver's escapes add to it. */
const MAX_LENGTH = 4_000_000

/**
 * Inserts rows in one statement, however many they are; in a few where they are very long. A row whose key
 * exists is an error, unless it is told what becomes of it. The statement may be sent later: an error may
 * come with the next one, or the commit.
 */
export async function insertRows<Table extends MySqlTable>(
  { db, dialect }: { readonly db: Queries; readonly dialect: Dialect },
  table: Table,
  rows: readonly Table["$inferInsert"][],
  existing?: Overwrite,
): Promise<void> {
  if (rows.length === 0) return
  const { columns, values } = given(table, rows)
  const statements = Statements.of(table, dialect)
  const name = ["insert", ...columns.map((column) => column.name), over(existing)].join(" ")
  const write = () => dialect.insertRows(table, columns, sql.placeholder("rows"), existing)
  for (const part of shortParts(values)) {
    await statements.later(db, name, { rows: dialect.rows(columns, part) }, write)
  }
}

/** The columns that rows have values for, and the values as the driver takes them. */
export function given<Table extends MySqlTable>(
  table: Table,
  rows: readonly Table["$inferInsert"][],
): { columns: MySqlColumn[]; values: unknown[][] } {
  // The keys of a table's rows are known to the table alone.
  const records = rows as readonly Readonly<Record<string, unknown>>[]
  const fields = Object.entries(getTableColumns(table)).filter(([key]) =>
    records.some((row) => row[key] !== undefined),
  )
  return {
    columns: fields.map(([, column]) => column),
    values: records.map((row) => fields.map(([key, column]) => driverValue(column, row[key]))),
  }
}

/** What an insert overwrites; a table has one way at most to combine what it holds with what comes. */
const over = (existing: Overwrite | undefined): string =>
  existing === undefined ? "" : `over ${existing.columns.map(({ name }) => name).join(" ")}`

/** A row that is longer by itself stays one. */
function shortParts(rows: readonly unknown[][]): (readonly unknown[][])[] {
  if (rows.length <= 1 || longest(rows) <= MAX_LENGTH || JSON.stringify(rows).length <= MAX_LENGTH)
    return [rows]
  const middle = Math.ceil(rows.length / 2)
  return [...shortParts(rows.slice(0, middle)), ...shortParts(rows.slice(middle))]
}

/** What JSON makes of a character, of another value, and around them. */
const [ESCAPED, OTHER, AROUND] = [6, 24, 4]

/** More than rows can be as JSON: most are told to be short without being written twice. */
function longest(rows: readonly unknown[][]): number {
  let length = 0
  for (const row of rows) {
    for (const value of row) {
      length += AROUND + (typeof value === "string" ? value.length * ESCAPED : OTHER)
    }
  }
  return length
}
