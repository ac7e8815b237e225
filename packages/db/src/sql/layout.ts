import { getTableName, is } from "drizzle-orm"
import { getTableConfig, MySqlTable, type MySqlColumn } from "drizzle-orm/mysql-core"
import { declaredTables } from "./declared.ts"
import { mysqlColumns } from "./dialects/mysql-columns.ts"

/** What a column holds, whatever type its dialect gives it. */
export type Kind =
  | "integer"
  | "boolean"
  | "double"
  | "decimal"
  | "text"
  | "json"
  | "datetime"
  | "uuid"

export interface ColumnLayout {
  readonly name: string
  readonly kind: Kind
}

/** A declared table as all dialects have it. */
export interface TableLayout {
  readonly database: string
  readonly name: string
  readonly columns: readonly ColumnLayout[]
  /** The columns of the primary key, as positions in `columns`. */
  readonly key: readonly number[]
  /** The column whose values the database generates. */
  readonly generated: string | undefined
}

/** The tables of logical databases; one whose rows belong to those of another comes after it. */
export function layoutOf(databases: readonly string[]): TableLayout[] {
  const waiting = [...new Set(databases)].flatMap((database) =>
    Object.values(declaredTables[database]?.(mysqlColumns) ?? {}).flatMap((table) =>
      is(table, MySqlTable) ? [{ database, table, owners: ownersOf(table) }] : [],
    ),
  )
  const placed: TableLayout[] = []
  const isPlaced = (owner: string) => placed.some(({ name }) => name === owner)
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ owners }) => owners.every(isPlaced))
    const [found] = waiting.splice(next, 1)
    if (next === -1 || found === undefined) throw new Error("Tables belong to one another")
    placed.push(described(found.database, found.table))
  }
  return placed
}

const ownersOf = (table: MySqlTable): string[] =>
  getTableConfig(table).foreignKeys.map((each) => getTableName(each.reference().foreignTable))

function described(database: string, table: MySqlTable): TableLayout {
  const { name, columns, primaryKeys } = getTableConfig(table)
  const key = primaryKeys[0]?.columns ?? columns.filter(({ primary }) => primary)
  return {
    database,
    name,
    columns: columns.map((column) => ({ name: column.name, kind: kindOf(column) })),
    key: key.map((part) => columns.findIndex((column) => column.name === part.name)),
    generated: columns.find((column) => "autoIncrement" in column && column.autoIncrement === true)
      ?.name,
  }
}

const KINDS: Readonly<Record<string, Kind>> = {
  int: "integer",
  bigint: "integer",
  boolean: "boolean",
  double: "double",
  decimal: "decimal",
  varchar: "text",
  text: "text",
  mediumtext: "text",
  enum: "text",
  json: "json",
  datetime: "datetime",
  char: "uuid",
}

function kindOf(column: MySqlColumn): Kind {
  const type = column.getSQLType()
  const kind = KINDS[type.replace(/[ (].*$/, "")]
  if (kind === undefined) throw new Error(`A column of the type ${type} cannot be copied`)
  return kind
}
