import { isIP } from "node:net"
import { drizzle, type MySql2Database } from "drizzle-orm/mysql2"
import {
  createPool,
  type Pool,
  type ResultSetHeader,
  type RowDataPacket,
  type SslOptions,
} from "mysql2/promise"
import type { Queries } from "../queries.ts"
import { dial } from "./parts/dial.ts"
import { mysqlDialect } from "../dialects/mysql.ts"
import type { Engine, EngineOptions, EngineTls } from "../engine.ts"
import { once } from "./parts/once.ts"
import { transaction } from "./parts/transaction.ts"
import { DatabaseUrlError, type DatabaseUrl } from "../url.ts"

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
    connectionLimit: options.poolSize + options.poolOverflow,
    maxIdle: options.poolSize,
    stream: () => dial(url, options),
    ...(options.tls && { ssl: sslOptions(url, options.tls) }),
    charset: "utf8mb4",
    timezone: "Z",
    dateStrings: true,
    // Ids above 2^53 would change otherwise.
    supportBigNumbers: true,
    bigNumberStrings: true,
  })
  const madeAt = new WeakMap<object, number>()
  pool.pool.on("connection", (connection) => {
    madeAt.set(connection, performance.now())
    connection.query(SESSION)
  })
  pool.pool.on("release", (connection) => {
    const age = performance.now() - (madeAt.get(connection) ?? 0)
    if (options.poolRecycle > 0 && age > options.poolRecycle) connection.destroy()
  })

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

/** mysql2 makes its own of Node's options; of an address it would believe any certificate for localhost. */
function sslOptions({ host }: DatabaseUrl, { mode, ca }: EngineTls): SslOptions {
  if (mode === "verify-full" && isIP(host) !== 0) {
    throw new DatabaseUrlError(
      "SPINOR_DB_TLS_MODE=verify-full needs the name of a host, no address",
    )
  }
  return {
    ...(ca !== undefined && { ca }),
    rejectUnauthorized: mode !== "require",
    verifyIdentity: mode === "verify-full",
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
