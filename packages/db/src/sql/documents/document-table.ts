import type { SQLWrapper } from "drizzle-orm"
import type { MySqlColumn, MySqlTable } from "drizzle-orm/mysql-core"
import type { DocumentDatabase, FieldType } from "../../documents/database.ts"
import type { Dialect } from "../dialects/dialect.ts"

/** A table that holds the documents of a database, where no OpenSearch does. */
export interface DocumentTable {
  readonly declared: DocumentDatabase
  readonly table: MySqlTable
  /** The fields that have columns of their own. */
  readonly columns: Readonly<Record<string, MySqlColumn>>
  /** A JSON object of all fields, unless each of them has a column. */
  readonly document?: MySqlColumn
  /** The words of the text, each between two spaces. */
  readonly words?: MySqlColumn
  readonly vo: MySqlColumn
}

/** A field as conditions and orders use it. */
export function fieldOf(
  { columns, document }: DocumentTable,
  { field, type }: { readonly field: string; readonly type: FieldType },
  dialect: Dialect,
): SQLWrapper {
  const column = columns[field]
  if (column !== undefined) return column
  if (document === undefined) throw new Error(`No column holds ${field}`)
  return dialect.field(document, field, type === "long" || type === "date" ? "integer" : "text")
}
