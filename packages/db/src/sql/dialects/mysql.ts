import { getTableColumns, inArray, sql } from "drizzle-orm"
import type { Placeholder, SQL, SQLWrapper } from "drizzle-orm"
import { MySqlDialect, type MySqlColumn } from "drizzle-orm/mysql-core"
import { causes } from "@spinor/core/causes"
import type { Dialect, Fault, Lockable, Reading } from "./dialect.ts"
import { codeOf, isLostConnection, POOL_TIMEOUT, SILENT } from "./fault.ts"
import { cutToLength } from "./lengths.ts"
import { mysqlColumns } from "./mysql-columns.ts"
import { jsonPath } from "./json-path.ts"
import { assignments, bare } from "./overwrite.ts"
import { writtenBy } from "./written.ts"

/** One code on MariaDB; on MySQL 8, one for each thing that can be wrong with a pattern. */
const BAD_PATTERN = "ER_REGEXP_"

/** MariaDB has one code for every foreign key that it refuses. */
const FOREIGN_KEY_EXISTS = /errno: 121\b/

const FAULTS: Record<string, Fault> = {
  [SILENT]: "silent",
  [POOL_TIMEOUT]: "silent",
  PROTOCOL_CONNECTION_LOST: "unreachable",
  PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR: "unreachable",
  ER_CON_COUNT_ERROR: "unreachable",
  // Of the user: max_user_connections of the server, or of the account.
  ER_TOO_MANY_USER_CONNECTIONS: "unreachable",
  ER_USER_LIMIT_REACHED: "unreachable",
  ER_SERVER_SHUTDOWN: "unreachable",
  ER_CONNECTION_KILLED: "unreachable",
  // A server that is read-only since another one took over, or whose disk is full.
  ER_OPTION_PREVENTS_STATEMENT: "unreachable",
  ER_RECORD_FILE_FULL: "unreachable",
  ER_DISK_FULL: "unreachable",
  ER_ACCESS_DENIED_ERROR: "unreachable",
  ER_BAD_DB_ERROR: "unreachable",
  ER_LOCK_DEADLOCK: "contention",
  ER_LOCK_WAIT_TIMEOUT: "contention",
  ER_CHECKREAD: "contention",
  ER_DUP_ENTRY: "duplicate",
  ER_TABLE_EXISTS_ERROR: "present",
  ER_DUP_FIELDNAME: "present",
  ER_DUP_KEYNAME: "present",
  ER_FK_DUP_NAME: "present",
  ER_MULTIPLE_PRI_KEY: "present",
  ER_BAD_TABLE_ERROR: "present",
  ER_CANT_DROP_FIELD_OR_KEY: "present",
  ER_DATA_TOO_LONG: "invalid",
  ER_WARN_DATA_OUT_OF_RANGE: "invalid",
  ER_TRUNCATED_WRONG_VALUE: "invalid",
  ER_TRUNCATED_WRONG_VALUE_FOR_FIELD: "invalid",
  // A distinct search sorted by a column that it does not select.
  ER_FIELD_IN_ORDER_NOT_SELECT: "invalid",
  ER_NET_PACKET_TOO_LARGE: "invalid",
}

const drizzleDialect = new MySqlDialect()

export const writtenForMysql = (statement: SQL) => writtenBy(drizzleDialect, statement)

/**
 * One JSON parameter, read back by position: the key with its type, so that an index serves, all else
 * as text. MariaDB would cut a value to a narrower type without a word; an assignment refuses it.
 */
const jsonTable = (key: MySqlColumn, columns: MySqlColumn[], rows: string | Placeholder) => {
  const fields = [key, ...columns].map((column, i) => {
    const type = column === key ? column.getSQLType() : "longtext character set utf8mb4"
    return sql`${bare(column)} ${sql.raw(type)} path ${sql.raw(`'$[${i}]'`)}`
  })
  return sql`json_table(${rows}, '$[*]' columns (${sql.join(fields, sql`, `)})) as r`
}

/**
 * For an equality MariaDB takes an index whatever it costs, and reads all jobs of a VO before a page of
 * them, or all that come before the page; a range it weighs against the index of the order.
 */
const equals = (column: SQLWrapper, value: string | Placeholder, reading: Reading): SQL =>
  reading === "all"
    ? sql`${column} = ${value}`
    : sql`(${column} >= ${value} and ${column} <= ${value})`

const ASCII = /^\p{ASCII}*$/u

/**
 * The bytes of the text, as the parameter has them. Those of ASCII are the same in the latin1 of DIRAC's
 * tables; a conversion takes as long as all else that a count does with a row.
 */
const bytes = (column: SQLWrapper, value: string | Placeholder): SQL =>
  typeof value === "string" && ASCII.test(value)
    ? sql`binary ${column}`
    : sql`binary convert(${column} using utf8mb4)`

/** The first comparison can use an index, the second is exact. */
const exactly = (column: SQLWrapper, value: string | Placeholder, reading: Reading = "all"): SQL =>
  sql`(${equals(column, value, reading)} and ${bytes(column, value)} = ${value})`

const inserted = (column: MySqlColumn): SQL => sql`values(${bare(column)})`

const insertRows: Dialect["insertRows"] = (table, columns, rows, existing) => {
  const names = sql.join(columns.map(bare), sql`, `)
  const insert = sql`insert into ${table} (${names}) values ${rows}`
  if (existing === undefined) return insert
  return sql`${insert} on duplicate key update ${assignments(existing, inserted)}`
}

/** drizzle's `set` that changes nothing, each column under the key that its table has for it. */
const unchanged = (columns: readonly MySqlColumn[]): Record<string, SQL> =>
  Object.fromEntries(
    columns.flatMap((column) =>
      Object.entries(getTableColumns(column.table))
        .filter(([, { name }]) => name === column.name)
        .map(([key]) => [key, bare(column)]),
    ),
  )

/** What became of an insert, update or delete, which the drivers of MySQL tell each in its own way. */
export type OutcomeOf = (result: unknown) => { insertId: number; affectedRows: number }

/**
 * Ids follow one another where the server knows beforehand how many rows there will be. By how much, its
 * auto_increment_increment says, which on a Galera cluster is the number of its nodes, as it is just now.
 */
const insertForIds: Dialect["insertForIds"] = async (db, id, columns, rows) => {
  const { text } = writtenForMysql(insertRows(id.table, columns, sql.placeholder("rows")))
  const inserted = db.send(text, [rows])
  const asked = rows.length > 1 ? db.run(sql`select @@auto_increment_increment as step`) : []
  const [{ insertId = 0 }, [row]] = await Promise.all([inserted, asked])
  const step = Number(row?.["step"] ?? 1)
  return rows.map((_, i) => insertId + i * step)
}

export const mysqlDialect = (outcomeOf: OutcomeOf): Dialect => ({
  name: "mysql",
  columns: mysqlColumns,
  written: writtenForMysql,
  insertForIds,
  mergeJson: (stored, over) => sql`json_merge_patch(${stored}, ${over})`,
  ignoreDuplicates: (insert, key) =>
    (insert as { onDuplicateKeyUpdate(clause: object): typeof insert }).onDuplicateKeyUpdate({
      set: unchanged(key),
    }),
  affectedRows: (result) => outcomeOf(result).affectedRows,
  lockRows: (select, locking) => (select as Lockable<typeof select>).for("update", locking),
  equals,
  exactly,
  confines: exactly,
  comparesRows: false,
  // An enumeration is sorted by its numbers and compared by its words; a float is shown cut.
  sorted: (column) => (/^(enum|double)/.test(column.getSQLType()) ? sql`(${column} + 0)` : column),
  nullsComeFirst: true,
  isOneOf: (column, values) =>
    values.length === 0 ? sql`1 = 0` : inArray(sql`${column}`, [...values]),
  isInList: (column, values) => sql`${column} in (${values})`,
  // The drivers write a list as its values; NULL is equal to nothing.
  list: (values) => (values.length === 0 ? null : values),
  matches: (text, pattern) => sql`${text} regexp ${pattern}`,
  field(document, name, type) {
    const value = sql`json_unquote(json_extract(${document}, ${jsonPath(name)}))`
    return type === "text" ? sql`${value} collate utf8mb4_bin` : sql`cast(${value} as signed)`
  },
  likeExactly: (text, pattern) => sql`${text} like ${pattern}`,
  asText: (column) => column,
  fitting: cutToLength,
  insertRows,
  // The drivers write a list of rows as each one's values in parentheses. MariaDB takes twice as long to read JSON.
  rows: (_columns, rows) => rows,
  // JSON's true is no number here.
  json: (_columns, rows) =>
    JSON.stringify(
      rows.map((row) => row.map((value) => (typeof value === "boolean" ? Number(value) : value))),
    ),
  updateFromJson(table, key, columns, rows) {
    // The collation is named, because the server's may not go with the column's.
    const set = columns.map(
      (each) => sql`${each} = coalesce(r.${bare(each)} collate utf8mb4_bin, ${each})`,
    )
    return sql`update ${table} join ${jsonTable(key, columns, rows)} on r.${bare(key)} = ${key} set ${sql.join(set, sql`, `)}`
  },
  selectTableNames: sql`select table_name as name from information_schema.tables where table_schema = database()`,
  fault(error) {
    for (const cause of causes(error)) {
      const code = codeOf(cause)
      const fault = FAULTS[code]
      if (fault !== undefined) return fault
      if (isLostConnection(code)) return "unreachable"
      if (code.startsWith(BAD_PATTERN)) return "invalid"
      if (code === "ER_CANT_CREATE_TABLE" && FOREIGN_KEY_EXISTS.test(String(cause)))
        return "present"
      if (
        cause instanceof Error &&
        /connection is in closed state|Pool is closed/.test(cause.message)
      )
        return "unreachable"
    }
    return undefined
  },
})
