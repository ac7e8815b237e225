import type { Client, InValue } from "@libsql/client"
import type { SQL } from "drizzle-orm"
import { drizzle } from "drizzle-orm/libsql/http"
import { sqliteDialect } from "../../dialects/sqlite.ts"
import type { EngineOptions } from "../../engine.ts"
import { promptly, type Queries } from "../../queries.ts"

/** What drizzle uses of a client of libSQL, or of a transaction of one. */
export interface SqliteExecutor {
  /** Whether a transaction is open, where that is known. */
  readonly isInTransaction?: boolean
  execute(statement: { sql: string; args: InValue[] }): Promise<{
    readonly columns: readonly string[]
    readonly rows: readonly ArrayLike<unknown>[]
    readonly rowsAffected: number
  }>
}

/** Queries on a client of libSQL, or in a transaction of one. */
export function sqliteQueries(
  client: SqliteExecutor,
  { onStatement }: Pick<EngineOptions, "onStatement">,
): Queries {
  const db = drizzle(client as unknown as Client, {
    ...(onStatement && { logger: { logQuery: onStatement } }),
  })
  const execute = (sql: string, args: readonly unknown[]) => {
    onStatement?.(sql, args)
    // Values as drizzle's columns make them.
    return client.execute({ sql, args: args as InValue[] })
  }
  const run = async (statement: SQL) => {
    const { text, values } = sqliteDialect.written(statement)
    const { columns, rows } = await execute(text, values)
    return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])))
  }
  const sender = promptly(execute)
  return Object.assign(db, { run, ...sender }) as unknown as Queries
}
