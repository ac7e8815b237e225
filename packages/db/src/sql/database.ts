import type { MySqlColumn, MySqlTable } from "drizzle-orm/mysql-core"
import type { Dialect, Overwrite } from "./dialects/dialect.ts"
import type { Columns } from "./dialects/mysql-columns.ts"
import { given, insertRows } from "./insert-rows.ts"
import type { Queries } from "./queries.ts"
import { Statements, type Select, type Values } from "./statements.ts"
import type { SQLWrapper } from "drizzle-orm"

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

  /** Whether statements of both go over one connection, and so in the order in which they are asked for. */
  isBeside(other: SqlDatabase<unknown>): boolean {
    return this.db === other.db
  }

  /** The rows of a statement that runs often, which is written once; see Statements. */
  protected async rows<Row>(
    name: string,
    values: Values,
    write: () => Select<Row>,
  ): Promise<Row[]> {
    return await this.#statements.rows(this.db, name, values, write)
  }

  /** The same, of a statement whose outcome nobody needs; it may be sent later. */
  protected async later(name: string, values: Values, write: () => SQLWrapper): Promise<void> {
    await this.#statements.later(this.db, name, values, write)
  }

  get #statements(): Statements {
    return Statements.of(this.tables as object, this.dialect)
  }

  protected async insertRows<Table extends MySqlTable>(
    table: Table,
    rows: readonly Table["$inferInsert"][],
    existing?: Overwrite,
  ): Promise<void> {
    await insertRows({ db: this.db, dialect: this.dialect }, table, rows, existing)
  }

  /** Inserts rows whose ids the database makes, and gives these, in the order of the rows. */
  protected async insertForIds<Table extends MySqlTable>(
    table: Table,
    id: MySqlColumn,
    rows: readonly Table["$inferInsert"][],
  ): Promise<number[]> {
    const { columns, values } = given(table, rows)
    return await this.dialect.insertForIds(this.db, id, columns, values)
  }
}

/** A logical database before it is bound: the name that DIRACX_DB_URL_<NAME> spells, and its tables. */
export interface SqlDatabaseClass<Database> {
  readonly databaseName: string
  readonly declareTables: (columns: Columns) => unknown
  new (db: Queries, tables: never, dialect: Dialect): Database
}
