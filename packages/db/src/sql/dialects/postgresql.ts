import { sql, type Placeholder, type SQL, type SQLWrapper } from "drizzle-orm"
import type { MySqlColumn } from "drizzle-orm/mysql-core"
import * as pg from "drizzle-orm/pg-core"
import { causes } from "@spinor/core/causes"
import type { Instant } from "@spinor/core/instant"
import type { Dialect, Fault, Lockable } from "./dialect.ts"
import { codeOf, isLostConnection, POOL_TIMEOUT, SILENT } from "./fault.ts"
import { cutToLength } from "./lengths.ts"
import type { Columns } from "./mysql-columns.ts"
import { ignoreDuplicates, onConflictClause, returnedIds } from "./on-conflict.ts"
import { bare } from "./overwrite.ts"
import * as stored from "./stored.ts"
import { writtenBy } from "./written.ts"

const datetimeColumn = pg.customType<{ data: Instant; driverData: string }>({
  dataType: () => "timestamp(6)",
  toDriver: stored.datetime,
  fromDriver: stored.readDatetime,
})

const exactColumn = pg.customType<{ data: string; config: { type: string } }>({
  dataType: (config) => `${config?.type} collate "C"`,
})

const flagColumn = pg.customType<{ data: boolean; driverData: string }>({
  dataType: () => "varchar(5)",
  toDriver: stored.flag,
  fromDriver: stored.readFlag,
})

const accountedColumn = pg.customType<{ data: boolean | "Failed"; driverData: string }>({
  dataType: () => "varchar(6)",
  toDriver: stored.accounted,
  fromDriver: stored.readAccounted,
})

const epochColumn = pg.customType<{ data: Instant; driverData: string | number }>({
  dataType: () => "numeric(12,3)",
  toDriver: stored.magicEpoch,
  fromDriver: stored.readMagicEpoch,
})

const postgresqlColumns = {
  table: pg.pgTable,
  index: (table: string, name: string) => pg.index(`${table}_${name}`),
  inOrderOf: (key: pg.PgColumn): pg.PgColumn[] => [key],
  uniqueIndex: (table: string, name: string) => pg.uniqueIndex(`${table}_${name}`),
  primaryKey: pg.primaryKey,
  belongsTo: (table: string, column: pg.PgColumn, owner: pg.PgColumn) =>
    pg
      .foreignKey({ name: `${table}_ibfk_1`, columns: [column], foreignColumns: [owner] })
      .onDelete("cascade")
      .onUpdate("restrict"),
  serial: (name: string) => pg.serial(name).primaryKey(),
  bigSerial: (name: string) => pg.bigserial(name, { mode: "number" }).primaryKey(),
  int: (name: string) => pg.integer(name),
  bigint: (name: string) => pg.bigint(name, { mode: "number" }),
  double: (name: string) => pg.doublePrecision(name),
  boolean: (name: string) => pg.boolean(name),
  string: (name: string, length: number) => pg.varchar(name, { length }),
  text: (name: string) => pg.text(name),
  exactString: (name: string, length: number) => exactColumn(name, { type: `varchar(${length})` }),
  exactText: (name: string) => exactColumn(name, { type: "text" }),
  json: (name: string) => pg.json(name),
  datetime: (name: string) => datetimeColumn(name),
  uuid: (name: string) => pg.uuid(name),
  flag: (name: string) => flagColumn(name),
  accountedFlag: (name: string) => accountedColumn(name),
  magicEpoch: (name: string) => epochColumn(name),
  utcNow: sql`timezone('utc', current_timestamp)`,
}

/** SQLSTATE, or its class of two digits; or a code of ours. */
const FAULTS: Record<string, Fault> = {
  [SILENT]: "silent",
  [POOL_TIMEOUT]: "silent",
  "08": "unreachable",
  "57P01": "unreachable",
  "57P02": "unreachable",
  "57P03": "unreachable",
  "53": "unreachable",
  // Read-only, since another server took over.
  "25006": "unreachable",
  "28": "unreachable",
  "3D": "unreachable",
  "40": "contention",
  "55P03": "contention",
  "23505": "duplicate",
  "42710": "present",
  "42P07": "present",
  "22": "invalid",
  "2201B": "invalid",
  "54000": "invalid",
  // A distinct search sorted by a column that it does not select.
  "42P10": "invalid",
}

/** The driver's own codes. */
const UNREACHABLE = /^(CONNECTION_(CLOSED|ENDED|DESTROYED)|CONNECT_TIMEOUT)$/

/** One JSON parameter as rows with the columns' names and types. */
function recordset(columns: MySqlColumn[], rows: string | Placeholder): SQL {
  const fields = columns.map((each) => sql`${bare(each)} ${sql.raw(recordType(each))}`)
  return sql`json_to_recordset(${rows}::json) as r (${sql.join(fields, sql`, `)})`
}

/** JSON travels as text within the parameter, which is JSON itself; a serial is no type of its own. */
const recordType = (column: MySqlColumn): string => {
  const type = column.getSQLType()
  return { json: "text", serial: "integer", bigserial: "bigint" }[type] ?? type
}

const isInteger = (column: MySqlColumn): boolean => /int|serial/.test(column.getSQLType())

const isJson = (column: MySqlColumn): boolean => column.getSQLType() === "json"

const fromRecord = (column: MySqlColumn): SQL =>
  isJson(column) ? sql`r.${bare(column)}::json` : sql`r.${bare(column)}`

/** PostgreSQL's text of an array. */
const arrayText = (values: readonly unknown[]): string =>
  `{${values.map((value) => `"${String(value).replaceAll(/["\\]/g, "\\$&")}"`).join(",")}}`

const drizzleDialect = new pg.PgDialect()

const equals = (column: SQLWrapper, value: string | Placeholder): SQL => sql`${column} = ${value}`

/** Rows as a JSON array of objects. */
const records: Dialect["json"] = (columns, rows) =>
  JSON.stringify(
    rows.map((row) => Object.fromEntries(columns.map((each, i) => [each.name, row[i]]))),
  )

export const postgresqlDialect: Dialect = {
  name: "postgresql",
  // The same calls of the query builder are valid in all dialects, so this one is believed to be MySQL's.
  columns: postgresqlColumns as unknown as Columns,
  written: (statement) => writtenBy(drizzleDialect, statement),
  insertForIds(db, id, columns, rows) {
    const json = postgresqlDialect.json(columns, rows)
    const insert = postgresqlDialect.insertRows(id.table, columns, json)
    return returnedIds(db, insert, id)
  },
  ignoreDuplicates,
  mergeJson: (stored, over) => sql`spinor_json_merge(${stored}::jsonb, ${over}::jsonb)::json`,
  affectedRows: (result) => (result as { count: number }).count,
  lockRows: (select, locking) => (select as Lockable<typeof select>).for("update", locking),
  equals,
  exactly: equals,
  confines: equals,
  comparesRows: true,
  sorted: (column) => column,
  nullsComeFirst: false,
  isOneOf: (column, values) => {
    if (values.length === 0) return sql`false`
    const type = sql.raw(typeof values[0] === "string" ? "text" : "bigint")
    return sql`${column} = any(${arrayText(values)}::${type}[])`
  },
  isInList(column, values) {
    const type = sql.raw(isInteger(column) ? "bigint" : "text")
    return sql`${column} = any(${values}::${type}[])`
  },
  list: arrayText,
  matches: (text, pattern) => sql`${text} ~ ${pattern}`,
  field(document, name, type) {
    const value = sql`(${document} ->> ${name})`
    return type === "text" ? sql`${value} collate "C"` : sql`${value}::bigint`
  },
  likeExactly: (text, pattern) => sql`${text} like ${pattern}`,
  asText: (column) => sql`${column}::text`,
  fitting: cutToLength,
  insertRows(table, columns, rows, existing) {
    const names = sql.join(columns.map(bare), sql`, `)
    const values = sql.join(columns.map(fromRecord), sql`, `)
    const insert = sql`insert into ${table} (${names}) select ${values} from ${recordset(columns, rows)}`
    return existing === undefined ? insert : sql`${insert} ${onConflictClause(existing)}`
  },
  rows: records,
  json: records,
  updateFromJson(table, key, columns, rows) {
    const set = columns.map((each) => sql`${bare(each)} = coalesce(r.${bare(each)}, ${each})`)
    return sql`update ${table} set ${sql.join(set, sql`, `)} from ${recordset([key, ...columns], rows)} where r.${bare(key)} = ${key}`
  },
  selectTableNames: sql`select table_name as name from information_schema.tables where table_schema = current_schema()`,
  fault(error) {
    for (const cause of causes(error)) {
      const code = codeOf(cause)
      if (UNREACHABLE.test(code) || isLostConnection(code)) return "unreachable"
      const fault = FAULTS[code] ?? (code.length === 5 ? FAULTS[code.slice(0, 2)] : undefined)
      if (fault !== undefined) return fault
    }
    return undefined
  },
}
