import { isIP } from "node:net"
import {
  createPool,
  type Pool,
  type PoolConnection,
  type ResultSetHeader,
  type SslOptions,
} from "mysql2"
import { mysqlDialect } from "../dialects/mysql.ts"
import type { EngineOptions, EngineTls, Server } from "../engine.ts"
import { Line } from "./parts/line.ts"
import { MysqlConversation, queriesIn } from "./parts/mysql-conversation.ts"
import { DatabaseUrlError, type DatabaseUrl } from "../url.ts"

/**
 * The server's zone would decide what utc_timestamp-less defaults and comparisons mean. Its mode might
 * cut values without a word; with NO_BACKSLASH_ESCAPES, what the driver escapes would end its quotes.
 * For a page of the jobs of a VO and a status, MariaDB would merge two indexes, and read all of these jobs.
 */
const SESSION =
  "SET time_zone = '+00:00', sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION', " +
  "optimizer_switch = 'index_merge_intersection=off'"

/** MySQL and MariaDB. */
export function mysql2Server(url: DatabaseUrl, options: EngineOptions): Server {
  const ssl = options.tls && sslOptions(url, options.tls)
  return {
    dialect: mysqlDialect((result) => (result as [ResultSetHeader])[0]),
    connect() {
      const line = new Line(url, options)
      // The driver's pool of one connects when it has to, and again after a loss.
      const pool = createPool({
        host: url.host,
        port: url.port,
        user: url.user,
        password: url.password,
        database: url.database,
        connectTimeout: options.connectTimeout,
        connectionLimit: 1,
        maxIdle: 1,
        stream: () => line.dial(),
        ...(ssl && { ssl }),
        charset: "utf8mb4",
        timezone: "Z",
        dateStrings: true,
        // Ids above 2^53 would change otherwise.
        supportBigNumbers: true,
        bigNumberStrings: true,
        // All values are escaped; what a unit of work has to say at once is said in one packet.
        multipleStatements: true,
      })
      pool.on("connection", (connection) =>
        connection.query(SESSION, (error) => error && connection.destroy()),
      )
      const converse = async <Result>(
        work: (conversation: MysqlConversation) => Promise<Result>,
      ): Promise<Result> => {
        const connection = await taken(pool)
        const conversation = new MysqlConversation(connection, line, options)
        try {
          return await work(conversation)
        } finally {
          conversation.end()
          connection.release()
        }
      }
      return line.carry({
        read: (work) =>
          converse(async (conversation) => {
            const result = await work(queriesIn(conversation))
            await conversation.settle()
            return result
          }),
        transaction: (work) =>
          converse((conversation) => conversation.transaction(() => work(queriesIn(conversation)))),
        close: () =>
          new Promise((resolve, reject) =>
            pool.end((error) => (error ? reject(error) : resolve())),
          ),
      })
    },
  }
}

const taken = (pool: Pool): Promise<PoolConnection> =>
  new Promise((resolve, reject) =>
    pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection))),
  )

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
