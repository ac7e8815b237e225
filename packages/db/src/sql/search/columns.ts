import { getTableColumns } from "drizzle-orm"
import type { MySqlColumn, MySqlTable } from "drizzle-orm/mysql-core"
import { InvalidRequestError } from "@spinor/core/errors"

/** A table's columns by their names in the database, in the order of the table. */
export const columnsOf = (table: MySqlTable): ReadonlyMap<string, MySqlColumn> =>
  new Map(Object.values(getTableColumns(table)).map((column) => [column.name, column]))

/**
 * The columns that are asked for, in the order of the table; all of them if none is named.
 * @throws InvalidRequestError for a name that the table does not have
 */
export function selectedColumns(
  table: MySqlTable,
  names: readonly string[],
): Record<string, MySqlColumn> {
  const columns = columnsOf(table)
  const unknown = [...new Set(names.filter((name) => !columns.has(name)))]
  if (unknown.length > 0) {
    const list = unknown.map((name) => `'${name}'`).join(", ")
    throw new InvalidRequestError(`Unrecognised parameters requested {${list}}`)
  }
  const wanted = [...columns].filter(([name]) => names.length === 0 || names.includes(name))
  return Object.fromEntries(wanted)
}
