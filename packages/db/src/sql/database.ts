import type { MySqlTable } from "drizzle-orm/mysql-core"
import type { Dialect, Overwrite } from "./dialects/dialect.ts"
import type { Columns } from "./dialects/mysql-columns.ts"
import { insertRows } from "./insert-rows.ts"
import type { Queries } from "./queries.ts"

/** One logical database, such as JobDB, bound to the transaction of one unit of work. */
export abstract class SqlDatabase<Tables> {
  protected readonly db: Queries
  protected readonly tables: Tables
  protected readonly dialect: Dialect

  constructor(db: Queries, tables: Tables, dialect: Dialect) {
    this.db = db
    this.tables = tables
    this.dialect = dialect
  }

  protected async insertRows<Table extends MySqlTable>(
    table: Table,
    rows: readonly Table["$inferInsert"][],
    existing?: Overwrite,
  ): Promise<void> {
    await insertRows({ db: this.db, dialect: this.dialect }, table, rows, existing)
  }
}

/** A logical database before it is bound: the name that DIRACX_DB_URL_<NAME> spells, and its tables. */
export interface SqlDatabaseClass<Database> {
  readonly databaseName: string
  readonly declareTables: (columns: Columns) => unknown
  new (db: Queries, tables: never, dialect: Dialect): Database
}
