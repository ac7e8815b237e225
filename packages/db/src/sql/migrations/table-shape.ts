import type { DialectName } from "../url.ts"

/** What adoption looks at of a table, declared or found. */
export interface TableShape {
  readonly name: string
  readonly columns: readonly ColumnShape[]
  readonly primaryKey: readonly string[]
  readonly indexes: readonly IndexShape[]
  /** Such as "engine InnoDB", where a server has a choice. */
  readonly traits: readonly string[]
}

export interface ColumnShape {
  readonly name: string
  /** As SQL writes it: "varchar(32)". */
  readonly type: string
  readonly nullable: boolean
  /** As SQL writes it; undefined when a row that does not give the column gets NULL, or is refused. */
  readonly initial: string | undefined
  /** Whether a row that does not give the column gets the next number. */
  readonly counts: boolean
}

export interface IndexShape {
  readonly columns: readonly string[]
  readonly unique: boolean
}

/** A name as the dialect tells it from others: only PostgreSQL does so by case, and MySQL those of tables. */
export const folded = (name: string, dialect: DialectName): string =>
  dialect === "postgresql" ? name : name.toLowerCase()
