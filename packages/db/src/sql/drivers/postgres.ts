import { isIP } from "node:net"
import { setImmediate } from "node:timers/promises"
import type { ConnectionOptions } from "node:tls"
import { drizzle } from "drizzle-orm/postgres-js"
import postgres, { type Sql } from "postgres"
import { promptly, type Queries } from "../queries.ts"
import { postgresqlDialect } from "../dialects/postgresql.ts"
import type { EngineOptions, EngineTls, Server } from "../engine.ts"
import { Line } from "./parts/line.ts"
import type { DatabaseUrl } from "../url.ts"

/** PostgreSQL. */
export function postgresServer(url: DatabaseUrl, options: EngineOptions): Server {
  const ssl = options.tls && tlsOptions(url, options.tls)
  return {
    dialect: postgresqlDialect,
    connect() {
      const line = new Line(url, options)
      // The driver's types do not know of it.
      const untyped = { socket: () => line.dial() }
      const client = postgres({
        ...untyped,
        host: url.host,
        port: url.port,
        user: url.user,
        password: url.password,
        database: url.database,
        max: 1,
        max_lifetime: null,
        ...(ssl && { ssl }),
        connect_timeout: Math.max(1, Math.round(options.connectTimeout / 1000)),
        // A server that is back is found by the next request, not after a pause.
        backoff: false,
        onnotice: () => undefined,
        connection: { application_name: "spinor", TimeZone: "UTC" },
      })
      const queries = queriesOf(options)
      const read = queries(client)
      return line.carry({
        read: (work) => work(read),
        transaction: (work) => begin(client, line, (tx) => work(queries(tx))),
        close: () => client.end({ timeout: 1 }),
      })
    },
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

const queriesOf =
  ({ onStatement }: Pick<EngineOptions, "onStatement">) =>
  (client: Sql): Queries => {
    const db = drizzle(client, { ...(onStatement && { logger: { logQuery: onStatement } }) })
    const run = async (statement: never) => [...(await db.execute(statement))]
    const sender = promptly(async (text, values) => {
      onStatement?.(text, values)
      return { rows: await client.unsafe(text, [...values] as never[]).values() }
    })
    return Object.assign(db, { run, ...sender }) as unknown as Queries
  }

const isLost = (error: unknown): boolean =>
  ["unreachable", "silent"].includes(postgresqlDialect.fault(error) ?? "")

/** Stays pending: the loss of the connection ends the transaction. */
const never = (): Promise<never> => new Promise(() => undefined)

/**
 * A transaction that ends with its connection. The driver would send a rollback, or whatever the work
 * says next, to the socket that is no more, which throws where nobody can catch it.
 */
async function begin<Result>(
  client: Sql,
  line: Line,
  work: (tx: Sql) => Promise<Result>,
): Promise<Result> {
  let over = false
  const isOver = () => over || line.isBroken
  let lost: unknown
  try {
    const result = await client.begin(async (transaction) => {
      // Of a client drizzle uses these two; a transaction lacks the options.
      const tx = Object.assign(transaction, { options: client.options }) as unknown as Sql
      const send = tx.unsafe.bind(tx)
      let hasEnded = false
      tx.unsafe = (...query) => {
        // What goes on by itself would write after the rollback, or the commit, and outside of the transaction.
        if (hasEnded || isOver()) throw new Error("The unit of work is over")
        return send(...query)
      }
      try {
        const result = await work(tx).finally(() => (hasEnded = true))
        return { result: isOver() ? await never() : result }
      } catch (error) {
        if (isLost(error)) {
          lost = error
          // Perhaps another database's, or only a refusal; a connection that is lost has ended by then.
          await setImmediate()
        }
        if (isOver()) await never()
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
