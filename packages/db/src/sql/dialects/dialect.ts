import type { Placeholder, SQL, SQLWrapper } from "drizzle-orm"
import type { MySqlColumn, MySqlTable } from "drizzle-orm/mysql-core"
import type { Queries } from "../queries.ts"
import type { DialectName } from "../url.ts"
import type { Columns } from "./mysql-columns.ts"

/** Why a database refused; what the error does not tell stays undefined. */
export type Fault =
  /** The server cannot be reached, or the connection was lost. */
  | "unreachable"
  /** The server did not answer in time; the connection is closed. */
  | "silent"
  /** Another transaction was in the way; the whole unit may run again. */
  | "contention"
  /** Another process has been in the way for longer than is waited for. */
  | "locked"
  /** A row with this key exists. */
  | "duplicate"
  /** A table, column or index is there already, or one to be dropped is not. */
  | "present"
  /** A value that the column cannot hold, or a pattern that the database cannot read. */
  | "invalid"

/**
 * How much is read of the rows that a condition holds for: all of them, as a count does; or those that other
 * conditions hold for too, whose index may be better; or a page, for
 * which the index of its order may be better than that of the condition; or a page whose order begins
 * with the column, because one index is both.
 */
export type Reading = "all" | "filtered" | "page" | "ordered page"

/** What becomes of a row whose key exists: some columns take the new value, or a combination. */
export interface Overwrite {
  readonly key: readonly MySqlColumn[]
  readonly columns: readonly MySqlColumn[]
  /** Overwrites unless given. */
  readonly combine?: (stored: MySqlColumn, inserted: SQL) => SQL
}

/** What becomes of rows that others have locked: they are waited for, or skipped. */
export interface Locking {
  readonly skipLocked: boolean
}

/** What a builder of selects takes besides. */
export interface Lockable<Select> {
  for(strength: "update", locking: Locking | undefined): Select
}

/** What differs between dialects of SQL; all else is written once. */
export interface Dialect {
  readonly name: DialectName
  readonly columns: Columns
  /** The text of a statement, with marks where its values go. */
  written(statement: SQL): { text: string; values: unknown[] }
  /** Inserts rows, one value a column, and gives the ids that the database makes of them, in their order. */
  insertForIds(
    db: Queries,
    id: MySqlColumn,
    columns: MySqlColumn[],
    rows: readonly unknown[][],
  ): Promise<number[]>
  /** One JSON object with the fields of another laid over it, objects within objects too. */
  mergeJson(stored: SQLWrapper, over: SQL): SQL
  /** Makes an insert leave a row alone whose key exists. */
  ignoreDuplicates<Insert>(insert: Insert, key: MySqlColumn[]): Insert
  /** How many rows an update or delete matched. */
  affectedRows(result: unknown): number
  /** Locks the selected rows until the transaction ends; order by key first. */
  lockRows<Select>(select: Select, locking?: Locking): Select
  /** Compares text by the column's collation. */
  equals(column: SQLWrapper, value: string | Placeholder, reading: Reading): SQL
  /** Compares text exactly, whatever the column's collation. */
  exactly(column: MySqlColumn, value: string | Placeholder, reading?: Reading): SQL
  /** Compares text exactly with what many rows hold, such as a VO, for a planner that may not know it. */
  confines(column: MySqlColumn, value: string | Placeholder, reading: Reading): SQL
  /** Whether an index is looked up by (a, b) > (x, y), or by that comparison written out. */
  readonly comparesRows: boolean
  /** What a column is sorted by, so that comparing with it agrees with the order of rows. */
  sorted(column: MySqlColumn): SQLWrapper
  /** Where NULL stands in an ascending order; in a descending one it is the other end. */
  readonly nullsComeFirst: boolean
  /** True where the column holds one of the values, all numbers or all texts, however many they are. */
  isOneOf(column: SQLWrapper, values: readonly number[] | readonly string[]): SQL
  /** The same, of values that come later, as a `list`. */
  isInList(column: MySqlColumn, values: Placeholder): SQL
  /** Values as the one that stands for all of them. */
  list(values: readonly unknown[]): unknown
  /** True where a regular expression is found anywhere in the text. */
  matches(text: SQLWrapper, pattern: string): SQL
  /** A text or whole number in a column of JSON objects, by its name; texts compare by their code points. */
  field(document: MySqlColumn, name: string, type: "text" | "integer"): SQL
  /** As LIKE with a backslash for escapes, upper and lower case apart; for what compares by code points. */
  likeExactly(text: SQLWrapper, pattern: string): SQL
  /** A column that holds no text, as text: for LIKE and regular expressions. */
  asText(column: MySqlColumn): SQLWrapper
  /** A text cut to the column's length, where the database would refuse a longer one. */
  fitting(column: MySqlColumn, text: string): string
  /**
   * Inserts rows that come later, as `rows`. A row whose key exists is an error, unless it is told what
   * becomes of it.
   */
  insertRows(
    table: MySqlTable,
    columns: MySqlColumn[],
    rows: string | Placeholder,
    existing?: Overwrite,
  ): SQL
  /** Rows to insert, one value a column as the driver takes it, as the one value that stands for all of them. */
  rows(columns: readonly MySqlColumn[], rows: readonly unknown[][]): unknown
  /** The same, to update rows from. */
  json(columns: readonly MySqlColumn[], rows: readonly unknown[][]): string
  /**
   * Updates rows by their key from one parameter: each row holds the key, then one value for each of
   * the columns, as the driver takes it; null leaves what the column holds.
   */
  updateFromJson(
    table: MySqlTable,
    key: MySqlColumn,
    columns: MySqlColumn[],
    rows: string | Placeholder,
  ): SQL
  /** Selects the names of the tables that exist, as `name`. */
  readonly selectTableNames: SQL
  /** What an error of the driver means. */
  fault(error: unknown): Fault | undefined
}
