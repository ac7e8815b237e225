import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js"
import postgres, { type Sql } from "postgres"
import type { Queries } from "../database.ts"
import { postgresqlDialect } from "../dialects/postgresql.ts"
import type { Engine, EngineOptions } from "../engine.ts"
import type { DatabaseUrl } from "../url.ts"

/** PostgreSQL through a pool of connections. */
export async function openPostgres(url: DatabaseUrl, options: EngineOptions): Promise<Engine> {
  const client = postgres({
    host: url.host,
    port: url.port,
    user: url.user,
    password: url.password,
    database: url.database,
    max: options.poolSize,
    connect_timeout: Math.max(1, Math.round(options.connectTimeout / 1000)),
    // A server that is back is found by the next request, not after a pause.
    backoff: false,
    onnotice: () => undefined,
    connection: { application_name: "spinor", TimeZone: "UTC" },
  })
  const logger = options.onStatement && { logQuery: options.onStatement }
  const db = drizzle(client, { ...(logger && { logger }) })
  const read = queries(db)
  return {
    dialect: postgresqlDialect,
    read: (work) => work(read),
    transaction: (work) => db.transaction((tx) => work(queries(tx))),
    exclusively: (name, work) => withAdvisoryLock(url, name, work),
    close: () => client.end({ timeout: 5 }),
  }
}

function queries(db: Pick<PostgresJsDatabase, "execute" | "select">): Queries {
  const run = async (statement: never) => [...(await db.execute(statement))]
  return Object.assign(db, { run }) as unknown as Queries
}

/** On a connection of its own: the pool may have only one, which the work needs. */
async function withAdvisoryLock<Result>(
  url: DatabaseUrl,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const client: Sql = postgres({ ...url, username: url.user, max: 1, onnotice: () => undefined })
  try {
    await client`select pg_advisory_lock(hashtextextended(${name}, 0))`
    return await work()
  } finally {
    await client.end({ timeout: 5 })
  }
}
