import { sql } from "drizzle-orm"
import { onTestFinished } from "vitest"
import { systemClock } from "@spinor/core/instant"
import { connectSql, type SqlConnections } from "@spinor/db/sql/connections"
import { DATABASES } from "@spinor/db/sql/declared"
import type { Engine } from "@spinor/db/sql/engine"
import { readMigrations } from "@spinor/db/sql/migrations/files"
import { migrate } from "@spinor/db/sql/migrations/migrate"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { freshDatabaseUrl, type Backend } from "../../support/backends.ts"

/** An empty database of one test, and ways to connect to it as one process does. */
export async function emptyDatabase(backend: Backend) {
  const { url, drop } = await freshDatabaseUrl(backend)
  const opened: SqlConnections[] = []
  onTestFinished(async () => {
    for (const connections of opened) await connections.close()
    await drop()
  })
  const connect = (): SqlConnections => {
    const connections = connectSql(() => parseDatabaseUrl(url, "the test's URL"))
    opened.push(connections)
    return connections
  }
  const connections = connect()
  const engine = await connections.engineOf("JobDB")
  return {
    url,
    connect,
    connections,
    engine,
    /** Runs statements as they are written. */
    run: (...statements: string[]) =>
      engine.transaction(async (db) => {
        let rows: readonly Record<string, unknown>[] = []
        for (const statement of statements) rows = await db.run(sql.raw(statement))
        return rows
      }),
  }
}

export const migrateAll = (engine: Engine, databases: readonly string[] = DATABASES) =>
  migrate(engine, databases, systemClock)

/** The statements that make the tables that DIRAC and DiracX make too. */
export async function baseline({ dialect }: Engine, database: string): Promise<string[]> {
  const migrations = await readMigrations(dialect.name, database, "mysql")
  return migrations
    .filter(({ name }) => name.startsWith("0000"))
    .flatMap(({ statements }) => statements)
}
