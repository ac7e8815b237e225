import { drizzle, type MySql2Database } from "drizzle-orm/mysql2"
import { createPool, type Pool, type ResultSetHeader, type RowDataPacket } from "mysql2/promise"
import type { Queries } from "../database.ts"
import { dial } from "../dial.ts"
import { mysqlDialect } from "../dialects/mysql.ts"
import type { Engine, EngineOptions } from "../engine.ts"
import { once } from "../once.ts"
import { transaction } from "../transaction.ts"
import type { DatabaseUrl } from "../url.ts"

/**
 * The server's zone would decide what utc_timestamp-less defaults and comparisons mean. Its mode might
 * cut values without a word; with NO_BACKSLASH_ESCAPES, what the driver escapes would end its quotes.
 */
const SESSION =
  "SET time_zone = '+00:00', sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'"

/** MySQL and MariaDB through a pool of connections. */
export async function openMysql2(url: DatabaseUrl, options: EngineOptions): Promise<Engine> {
  const pool = createPool({
    host: url.host,
    port: url.port,
    user: url.user,
    password: url.password,
    database: url.database,
    connectTimeout: options.connectTimeout,
    connectionLimit: options.poolSize,
    stream: () => dial(url, options),
    charset: "utf8mb4",
    timezone: "Z",
    dateStrings: true,
    // Ids above 2^53 would change otherwise.
    supportBigNumbers: true,
    bigNumberStrings: true,
  })
  pool.pool.on("connection", (connection) => connection.query(SESSION))

  const logger = options.onStatement && { logQuery: options.onStatement }
  const db = drizzle(pool, { ...(logger && { logger }) })
  const dialect = mysqlDialect({
    increment: once(() => autoIncrementIncrement(pool)),
    outcomeOf: (result) => (result as [ResultSetHeader])[0],
  })
  const read = queries(db)

  return {
    dialect,
    read: (work) => work(read),
    transaction: (work) => transaction(db, (tx) => work(queries(tx))),
    close: () => pool.end(),
  }
}

function queries(db: Pick<MySql2Database, "execute" | "select">): Queries {
  const run = async (statement: never) => {
    const [rows] = await db.execute(statement)
    return Array.isArray(rows) ? rows : []
  }
  return Object.assign(db, { run }) as unknown as Queries
}

async function autoIncrementIncrement(pool: Pool): Promise<number> {
  const [[row]] = await pool.query<RowDataPacket[]>("SELECT @@auto_increment_increment AS step")
  return Number(row?.["step"] ?? 1)
}
