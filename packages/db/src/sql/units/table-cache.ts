import type { SqlDatabaseClass } from "../database.ts"
import type { Engine } from "../engine.ts"

/** The tables of a database are declared once an engine, in its dialect. */
export class TableCache {
  readonly #tables = new WeakMap<Engine, Map<SqlDatabaseClass<unknown>, unknown>>()

  of(engine: Engine, Database: SqlDatabaseClass<unknown>): never {
    const declared = this.#tables.get(engine) ?? new Map<SqlDatabaseClass<unknown>, unknown>()
    if (!declared.has(Database))
      declared.set(Database, Database.declareTables(engine.dialect.columns))
    this.#tables.set(engine, declared)
    return declared.get(Database) as never
  }
}
