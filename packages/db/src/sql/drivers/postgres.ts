import { isIP } from "node:net"
import { setImmediate } from "node:timers/promises"
import type { ConnectionOptions } from "node:tls"
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js"
import postgres, { type Sql } from "postgres"
import type { Queries } from "../queries.ts"
import { dial } from "./parts/dial.ts"
import { postgresqlDialect } from "../dialects/postgresql.ts"
import type { Engine, EngineOptions, EngineTls } from "../engine.ts"
import type { DatabaseUrl } from "../url.ts"

/** So long do connections stay open that are not used, where there may be too many. */
const IDLE_SECONDS = 60

/** PostgreSQL through a pool of connections. */
export async function openPostgres(url: DatabaseUrl, options: EngineOptions): Promise<Engine> {
  // The driver's types do not know of it.
  const untyped = { socket: () => dial(url, options) }
  const client = postgres({
    ...untyped,
    host: url.host,
    port: url.port,
    user: url.user,
    password: url.password,
    database: url.database,
    max: options.poolSize + options.poolOverflow,
    // The driver does not know which of them are too many.
    ...(options.poolOverflow > 0 && { idle_timeout: IDLE_SECONDS }),
    max_lifetime: options.poolRecycle > 0 ? Math.ceil(options.poolRecycle / 1000) : null,
    ...(options.tls && { ssl: tlsOptions(url, options.tls) }),
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
    transaction: (work) =>
      begin(client, (tx) => work(queries(drizzle(tx, { ...(logger && { logger }) })))),
    close: () => client.end({ timeout: 1 }),
  }
}

/** The driver leaves all to Node, and does not know the host of a socket that it did not open. */
const tlsOptions = ({ host }: DatabaseUrl, { mode, ca }: EngineTls): ConnectionOptions => ({
  ...(ca !== undefined && { ca }),
  rejectUnauthorized: mode !== "require",
  host,
  // An address is no name (RFC 6066, section 3).
  ...(isIP(host) === 0 && { servername: host }),
  ...(mode === "verify-ca" && { checkServerIdentity: () => undefined }),
})

function queries(db: Pick<PostgresJsDatabase, "execute" | "select">): Queries {
  const run = async (statement: never) => [...(await db.execute(statement))]
  return Object.assign(db, { run }) as unknown as Queries
}

const isLost = (error: unknown): boolean =>
  ["unreachable", "silent"].includes(postgresqlDialect.fault(error) ?? "")

/** Stays pending: the loss of the connection ends the transaction. */
const never = (): Promise<never> => new Promise(() => undefined)

/**
 * A transaction that ends with its connection. The driver would send a rollback, or whatever the work
 * says next, to the socket that is no more, which throws where nobody can catch it.
 */
async function begin<Result>(client: Sql, work: (tx: Sql) => Promise<Result>): Promise<Result> {
  let over = false
  let lost: unknown
  try {
    const result = await client.begin(async (transaction) => {
      // Of a client drizzle uses these two; a transaction lacks the options.
      const tx = Object.assign(transaction, { options: client.options }) as unknown as Sql
      const send = tx.unsafe.bind(tx)
      tx.unsafe = (...query) => {
        if (over) throw new Error("The transaction is over")
        return send(...query)
      }
      try {
        const result = await work(tx)
        return { result: over ? await never() : result }
      } catch (error) {
        if (isLost(error)) {
          lost = error
          // Perhaps another database's, or only a refusal; a connection that is lost has ended by then.
          await setImmediate()
        }
        if (over) await never()
        throw error
      }
    })
    over = true
    return result.result
  } catch (error) {
    over = true
    // Why the statement failed comes a little after the loss of its connection, and says more.
    await setImmediate()
    throw lost ?? error
  }
}
