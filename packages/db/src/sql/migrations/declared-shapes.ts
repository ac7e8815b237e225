import { getTableColumns, is, SQL, StringChunk, type Column } from "drizzle-orm"
import * as mysql from "drizzle-orm/mysql-core"
import * as pg from "drizzle-orm/pg-core"
import * as sqlite from "drizzle-orm/sqlite-core"
import { declaredTables } from "../declared.ts"
import type { Dialect } from "../dialects/dialect.ts"
import type { DialectName } from "../url.ts"
import type { ColumnShape, IndexShape, TableShape } from "./table-shape.ts"

/** What begins like this is ours: a migration makes it, in an adopted database too. */
const OURS = /^spinor_/

/** A table's keys as drizzle keeps them, in each dialect alike. */
interface Keys {
  readonly name: string
  readonly indexes: readonly { config: IndexConfig }[]
  readonly primaryKeys: readonly { columns: readonly { name: string }[] }[]
}

interface IndexConfig {
  readonly name?: string | undefined
  readonly columns: readonly unknown[]
  readonly unique?: boolean | undefined
}

const keysOf: Record<DialectName, (table: never) => Keys> = {
  mysql: (table) => mysql.getTableConfig(table),
  postgresql: (table) => pg.getTableConfig(table),
  sqlite: (table) => sqlite.getTableConfig(table),
}

const TRAITS: Record<DialectName, readonly string[]> = {
  mysql: ["engine InnoDB", "character set utf8mb4"],
  postgresql: [],
  sqlite: [],
}

/** The tables of a database that DIRAC and DiracX make too, as they are declared. */
export function declaredShapes(database: string, dialect: Dialect): TableShape[] {
  const tables = Object.values(declaredTables[database]?.(dialect.columns) ?? {})
  return tables.map((table) => shapeOf(table, dialect.name)).filter(({ name }) => !OURS.test(name))
}

function shapeOf(table: unknown, dialect: DialectName): TableShape {
  const { name, indexes, primaryKeys } = keysOf[dialect](table as never)
  const columns: Column[] = Object.values(getTableColumns(table as mysql.MySqlTable))
  const inline = columns.filter((column) => column.primary).map((column) => column.name)
  return {
    name,
    columns: columns.filter((column) => !OURS.test(column.name)).map(columnOf),
    primaryKey: primaryKeys[0]?.columns.map((column) => column.name) ?? inline,
    indexes: indexes.flatMap(({ config }) => (isOurs(config, name) ? [] : indexOf(config))),
    traits: TRAITS[dialect],
  }
}

/** On PostgreSQL and SQLite the name begins with the table's. */
const isOurs = ({ name = "" }: IndexConfig, table: string): boolean =>
  OURS.test(name.replace(`${table}_`, ""))

const indexOf = ({ columns, unique = false }: IndexConfig): IndexShape => ({
  columns: columns.map((column) => (column as { name: string }).name),
  unique,
})

function columnOf(column: Column): ColumnShape {
  const type = column.getSQLType()
  return {
    name: column.name,
    // SQLite's declared type of JSON is text: the driver's word says more.
    type: column.dataType === "json" ? "json" : type,
    nullable: !column.notNull,
    initial: initialOf(column.default),
    counts: /serial/.test(type) || ("autoIncrement" in column && column.autoIncrement === true),
  }
}

function initialOf(value: unknown): string | undefined {
  if (is(value, SQL)) {
    return value.queryChunks
      .flatMap((chunk) => (is(chunk, StringChunk) ? chunk.value : []))
      .join("")
  }
  return value === undefined ? undefined : JSON.stringify(value)
}
