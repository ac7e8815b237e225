import { sql } from "drizzle-orm"
import * as mysql from "drizzle-orm/mysql-core"
import type { Instant } from "@spinor/core/instant"
import * as stored from "./stored.ts"

const datetimeColumn = mysql.customType<{ data: Instant; driverData: string }>({
  dataType: () => "datetime",
  // Whole seconds, cut and not rounded: a time must not lie in the future.
  toDriver: (at) => stored.datetime(at).slice(0, 19),
  fromDriver: stored.readDatetime,
})

/** MySQL 8 as SQLAlchemy makes it; a migration's step turns it into MariaDB's native type. */
const uuidColumn = mysql.customType<{ data: string; driverData: string }>({
  dataType: () => "char(32)",
  toDriver: stored.uuidDigits,
  fromDriver: stored.readUuid,
})

const flagColumn = mysql.customType<{ data: boolean; driverData: string }>({
  dataType: () => "enum('True','False')",
  toDriver: stored.flag,
  fromDriver: stored.readFlag,
})

const accountedColumn = mysql.customType<{ data: boolean | "Failed"; driverData: string }>({
  dataType: () => "enum('True','False','Failed')",
  toDriver: stored.accounted,
  fromDriver: stored.readAccounted,
})

const epochColumn = mysql.customType<{ data: Instant; driverData: string | number }>({
  dataType: () => "decimal(12,3)",
  toDriver: stored.magicEpoch,
  fromDriver: stored.readMagicEpoch,
})

/** In any database, whatever its character set and collation. */
const EXACT = "character set utf8mb4 collate utf8mb4_bin"

const exactColumn = mysql.customType<{ data: string; config: { type: string } }>({
  dataType: (config) => `${config?.type} ${EXACT}`,
})

/** The words in which every table is declared. MySQL, the canonical dialect, gives them their types. */
export const mysqlColumns = {
  table: mysql.mysqlTable,
  /** DIRAC's index names repeat from table to table; only MySQL allows that. */
  index: (_table: string, name: string) => mysql.index(name),
  /** Ends an index, so that rows which are equal in it are in the order of the key: here it has the key anyway. */
  inOrderOf: (_key: mysql.MySqlColumn): mysql.MySqlColumn[] => [],
  uniqueIndex: (_table: string, name: string) => mysql.uniqueIndex(name),
  primaryKey: mysql.primaryKey,
  /** A row goes with the row that it belongs to. */
  belongsTo: (table: string, column: mysql.MySqlColumn, owner: mysql.MySqlColumn) =>
    mysql
      .foreignKey({ name: `${table}_ibfk_1`, columns: [column], foreignColumns: [owner] })
      .onDelete("cascade")
      .onUpdate("restrict"),
  serial: (name: string) => mysql.int(name).autoincrement().primaryKey(),
  bigSerial: (name: string) => mysql.bigint(name, { mode: "number" }).autoincrement().primaryKey(),
  int: (name: string) => mysql.int(name),
  bigint: (name: string) => mysql.bigint(name, { mode: "number" }),
  double: (name: string) => mysql.double(name),
  boolean: (name: string) => mysql.boolean(name),
  string: (name: string, length: number) => mysql.varchar(name, { length }),
  text: (name: string) => mysql.text(name),
  /** Text that is compared and sorted by its code points. */
  exactString: (name: string, length: number) => exactColumn(name, { type: `varchar(${length})` }),
  exactText: (name: string) => exactColumn(name, { type: "mediumtext" }),
  json: (name: string) => mysql.json(name),
  datetime: (name: string) => datetimeColumn(name),
  uuid: (name: string) => uuidColumn(name),
  /** A boolean stored as 'True' or 'False'. */
  flag: (name: string) => flagColumn(name),
  /** A flag that may also be 'Failed'. */
  accountedFlag: (name: string) => accountedColumn(name),
  /** Seconds, with milliseconds, since DIRAC's epoch: 1270000000 of Unix time. */
  magicEpoch: (name: string) => epochColumn(name),
  /** The database's present moment in UTC, as a default. */
  utcNow: sql`(utc_timestamp())`,
}

export type Columns = typeof mysqlColumns
