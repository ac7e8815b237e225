import { sql, type Placeholder, type SQL, type SQLWrapper } from "drizzle-orm"
import * as sqlite from "drizzle-orm/sqlite-core"
import { causes } from "@spinor/core/causes"
import type { Instant } from "@spinor/core/instant"
import type { Dialect, Fault } from "./dialect.ts"
import { codeOf, isLostConnection, POOL_TIMEOUT, SILENT } from "./fault.ts"
import type { Columns } from "./mysql-columns.ts"
import { jsonPath } from "./json-path.ts"
import { ignoreDuplicates, onConflictClause, returnedIds } from "./on-conflict.ts"
import { bare } from "./overwrite.ts"
import * as stored from "./stored.ts"
import { writtenBy } from "./written.ts"

/** Text, as SQLAlchemy stores it, so that a file made by DiracX opens. */
const datetimeColumn = sqlite.customType<{ data: Instant; driverData: string }>({
  dataType: () => "datetime",
  toDriver: stored.datetime,
  fromDriver: stored.readDatetime,
})

const uuidColumn = sqlite.customType<{ data: string; driverData: string }>({
  dataType: () => "char(32)",
  toDriver: stored.uuidDigits,
  fromDriver: stored.readUuid,
})

const flagColumn = sqlite.customType<{ data: boolean; driverData: string }>({
  dataType: () => "varchar(5)",
  toDriver: stored.flag,
  fromDriver: stored.readFlag,
})

const accountedColumn = sqlite.customType<{ data: boolean | "Failed"; driverData: string }>({
  dataType: () => "varchar(6)",
  toDriver: stored.accounted,
  fromDriver: stored.readAccounted,
})

const epochColumn = sqlite.customType<{ data: Instant; driverData: string | number }>({
  dataType: () => "numeric(12, 3)",
  toDriver: stored.magicEpoch,
  fromDriver: stored.readMagicEpoch,
})

const sqliteColumns = {
  table: sqlite.sqliteTable,
  index: (table: string, name: string) => sqlite.index(`${table}_${name}`),
  inOrderOf: (_key: sqlite.SQLiteColumn): sqlite.SQLiteColumn[] => [],
  uniqueIndex: (table: string, name: string) => sqlite.uniqueIndex(`${table}_${name}`),
  primaryKey: sqlite.primaryKey,
  belongsTo: (table: string, column: sqlite.SQLiteColumn, owner: sqlite.SQLiteColumn) =>
    sqlite
      .foreignKey({ name: `${table}_ibfk_1`, columns: [column], foreignColumns: [owner] })
      .onDelete("cascade")
      .onUpdate("restrict"),
  serial: (name: string) => sqlite.integer(name).primaryKey({ autoIncrement: true }),
  bigSerial: (name: string) => sqlite.integer(name).primaryKey({ autoIncrement: true }),
  int: (name: string) => sqlite.integer(name),
  bigint: (name: string) => sqlite.integer(name),
  double: (name: string) => sqlite.real(name),
  boolean: (name: string) => sqlite.integer(name, { mode: "boolean" }),
  string: (name: string, length: number) => sqlite.text(name, { length }),
  text: (name: string) => sqlite.text(name),
  exactString: (name: string, length: number) => sqlite.text(name, { length }),
  exactText: (name: string) => sqlite.text(name),
  json: (name: string) => sqlite.text(name, { mode: "json" }),
  datetime: (name: string) => datetimeColumn(name),
  uuid: (name: string) => uuidColumn(name),
  flag: (name: string) => flagColumn(name),
  accountedFlag: (name: string) => accountedColumn(name),
  magicEpoch: (name: string) => epochColumn(name),
  utcNow: sql`(datetime('now'))`,
}

/** SQLite's code for a lock that was waited for in vain. */
export const LOCKED = "SQLITE_BUSY_TIMEOUT"

/** The code of a pattern that no connection to a file can read. */
export const BAD_REGEXP = "SPINOR_BAD_REGEXP"

const FAULTS: [prefix: string, Fault][] = [
  [SILENT, "silent"],
  [POOL_TIMEOUT, "silent"],
  // Over HTTP: an answer that is none, and a transaction of which the server knows no more.
  ["SERVER_ERROR", "unreachable"],
  ["HRANA_", "unreachable"],
  ["SQLITE_CANTOPEN", "unreachable"],
  ["SQLITE_IOERR", "unreachable"],
  ["SQLITE_FULL", "unreachable"],
  // A file that was closed.
  ["ERR_INVALID_STATE", "unreachable"],
  [LOCKED, "locked"],
  ["SQLITE_BUSY", "contention"],
  ["SQLITE_LOCKED", "contention"],
  ["SQLITE_CONSTRAINT_PRIMARYKEY", "duplicate"],
  ["SQLITE_CONSTRAINT_UNIQUE", "duplicate"],
  ["SQLITE_TOOBIG", "invalid"],
  ["SQLITE_MISMATCH", "invalid"],
  [BAD_REGEXP, "invalid"],
]

/** What libSQL's REGEXP says, with no code of its own, of a pattern that it cannot read. */
const BAD_PATTERN =
  /unmatched '|unclosed '|n less than m|m and n are zero|' without operand|unknown \\ escape|POSIX character classes/

/** What SQLite says, with no code of its own either, of a search with too much in it. */
const TOO_MUCH = /LIKE or GLOB pattern too complex|Expression tree is too large|too many terms in/

const IGNORE_CASE = "(?i)"

/** libSQL's REGEXP reads no flags, and no group that does not capture; it captures nothing anyway. */
const spoken = (pattern: string): string => pattern.replaceAll(/(?<!\\)\(\?:/g, "(")

/** LIKE takes no notice of the case of ASCII here. */
const globOf = (pattern: string): string =>
  pattern.replaceAll(/\\[\s\S]|[%_*?[]/gu, (found) => {
    if (found === "%") return "*"
    if (found === "_") return "?"
    const literal = found.replace(/^\\/, "")
    return /[*?[]/.test(literal) ? `[${literal}]` : literal
  })

const drizzleDialect = new sqlite.SQLiteSyncDialect()

const equals = (column: SQLWrapper, value: string | Placeholder): SQL => sql`${column} = ${value}`

export const sqliteDialect: Dialect = {
  name: "sqlite",
  // The same calls of the query builder are valid in all dialects, so this one is believed to be MySQL's.
  columns: sqliteColumns as unknown as Columns,
  written: (statement) => writtenBy(drizzleDialect, statement),
  insertForIds(db, id, columns, rows) {
    const json = sqliteDialect.json(columns, rows)
    const insert = sqliteDialect.insertRows(id.table, columns, json)
    return returnedIds(db, insert, id)
  },
  ignoreDuplicates,
  mergeJson: (stored, over) => sql`json_patch(${stored}, ${over})`,
  affectedRows: (result) => (result as { rowsAffected: number }).rowsAffected,
  // BEGIN IMMEDIATE has locked the file already.
  lockRows: (select) => select,
  equals,
  exactly: equals,
  // Nobody runs ANALYZE on a file; without, SQLite takes any equality for ten rows, and sorts all jobs of
  // a VO for a page of them. The plus keeps a column from choosing the index.
  confines(column, value, reading) {
    if (reading === "ordered page") return sql`${column} = ${value}`
    return reading === "page" ? sql`+${column} = ${value}` : sql`likely(${column} = ${value})`
  },
  comparesRows: true,
  sorted: (column) => column,
  nullsComeFirst: true,
  isOneOf: (column, values) =>
    sql`${column} in (select value from json_each(${JSON.stringify(values)}))`,
  isInList: (column, values) => sql`${column} in (select value from json_each(${values}))`,
  list: (values) => JSON.stringify(values),
  matches: (text, pattern) =>
    pattern.startsWith(IGNORE_CASE)
      ? sql`regexpi(${spoken(pattern.slice(IGNORE_CASE.length))}, ${text})`
      : sql`${text} regexp ${spoken(pattern)}`,
  field: (document, name) => sql`json_extract(${document}, ${jsonPath(name)})`,
  likeExactly: (text, pattern) => sql`${text} glob ${globOf(pattern)}`,
  asText: (column) => sql`cast(${column} as text)`,
  fitting: (_column, text) => text,
  insertRows(table, columns, rows, existing) {
    const names = sql.join(columns.map(bare), sql`, `)
    const values = sql.join(
      columns.map((_, i) => sql`json_extract(value, ${sql.raw(`'$[${i}]'`)})`),
      sql`, `,
    )
    // Without a condition, SQLite would take "on conflict" for that of a join.
    const insert = sql`insert into ${table} (${names}) select ${values} from json_each(${rows}) where true`
    return existing === undefined ? insert : sql`${insert} ${onConflictClause(existing)}`
  },
  rows: (_columns, rows) => JSON.stringify(rows),
  json: (_columns, rows) => JSON.stringify(rows),
  updateFromJson(table, key, columns, rows) {
    const fields = [key, ...columns].map(
      (each, i) => sql`json_extract(value, ${sql.raw(`'$[${i}]'`)}) as ${bare(each)}`,
    )
    const set = columns.map((each) => sql`${bare(each)} = coalesce(r.${bare(each)}, ${each})`)
    return sql`update ${table} set ${sql.join(set, sql`, `)} from (select ${sql.join(fields, sql`, `)} from json_each(${rows})) as r where r.${bare(key)} = ${key}`
  },
  selectTableNames: sql`select name from sqlite_master where type = 'table'`,
  fault(error) {
    for (const cause of causes(error)) {
      const code = codeOf(cause)
      const found = FAULTS.find(([prefix]) => code.startsWith(prefix))
      if (found !== undefined) return found[1]
      if (isLostConnection(code)) return "unreachable"
      const message = String(cause)
      // Over HTTP there are no extended codes.
      if (code === "SQLITE_CONSTRAINT" && message.includes("UNIQUE constraint")) return "duplicate"
      if (code === "SQLITE_ERROR" && (BAD_PATTERN.test(message) || TOO_MUCH.test(message)))
        return "invalid"
    }
    return undefined
  },
}
