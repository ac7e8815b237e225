import type { Client, InArgs } from "@libsql/client"
import { drizzle } from "drizzle-orm/libsql/http"
import type { EngineOptions } from "../../engine.ts"
import { promptly, type Queries } from "../../queries.ts"

/** Queries on a client of libSQL, or in a transaction of one. */
export function libsqlQueries(
  client: Pick<Client, "execute">,
  { onStatement }: Pick<EngineOptions, "onStatement">,
): Queries {
  // Of a client drizzle uses what a transaction has too.
  const db = drizzle(client as Client, {
    ...(onStatement && { logger: { logQuery: onStatement } }),
  })
  const sender = promptly(async (text, values) => {
    onStatement?.(text, values)
    const { columns, rows } = await client.execute({ sql: text, args: [...values] as InArgs })
    return { rows: rows.map((row) => columns.map((_, i) => row[i])) }
  })
  return Object.assign(db, {
    run: (statement: never) => db.all(statement),
    ...sender,
  }) as unknown as Queries
}
