import { Client, DatabaseError } from "@planetscale/database"
import { drizzle } from "drizzle-orm/planetscale-serverless"
import { causes } from "@spinor/core/causes"
import { format, type SqlValue } from "sql-escaper"
import { promptly, type Queries } from "../queries.ts"
import { mysqlDialect } from "../dialects/mysql.ts"
import type { Engine, EngineOptions } from "../engine.ts"
import { patientFetch } from "./parts/patient-fetch.ts"
import { refuseAfter, until } from "@spinor/core/until"
import type { DatabaseUrl } from "../url.ts"

/** PlanetScale over HTTP: no connection stays open, and a transaction is a session of its own. */
export async function openPlanetscale(url: DatabaseUrl, options: EngineOptions): Promise<Engine> {
  const origin = `${url.tls ? "https" : "http"}://${url.host}:${url.port}`
  const patient = patientFetch(origin, options)
  const clientUntil = (signal: AbortSignal | undefined) => {
    return new Client({
      host: `${url.host}:${url.port}`,
      username: url.user,
      password: url.password,
      // As mysql2 writes values: the client's own way has none for rows.
      format: (text, values) => format(text, values as SqlValue[]),
      // The client knows of nothing but TLS, and of no end to its patience.
      async fetch(target, init) {
        const body = String(init?.body)
        // Work that was broken off may go on, but must not write outside of its transaction.
        if (!body.startsWith(ROLLBACK)) refuseAfter(signal)
        const breaking = signal?.aborted ? undefined : signal
        return await patient(`${origin}${new URL(target).pathname}`, init, breaking)
      },
    })
  }
  const dialect = mysqlDialect((result) => {
    const { insertId, rowsAffected } = result as { insertId: string; rowsAffected: number }
    return { insertId: Number(insertId), affectedRows: rowsAffected }
  })
  const usual = clientUntil(undefined)
  const clientFor = (signal: AbortSignal | undefined) =>
    signal === undefined ? usual : clientUntil(signal)
  return {
    dialect,
    read: (work, signal) =>
      coded(() => until(signal, () => work(queriesOf(clientFor(signal), options)))),
    transaction: (work, signal) => {
      const client = clientFor(signal)
      const session = new Session(client.connection(), signal)
      const run = () => session.transaction(() => work(queriesOf(session.of(client), options)))
      // The rollback may wait for the very statement that was broken off: nobody waits for it.
      return coded(() => until(signal, run))
    },
    close: async () => undefined,
  }
}

type Executor = Pick<Client, "execute">

/**
 * The statements of a transaction, one after the other: each answer holds the state of the session that the
 * next request has to give back. After the end there are none, which would be outside of the transaction.
 */
class Session {
  readonly #connection: Executor
  readonly #signal: AbortSignal | undefined
  #last: Promise<unknown> = Promise.resolve()
  #isOver = false

  constructor(connection: Executor, signal: AbortSignal | undefined) {
    this.#connection = connection
    this.#signal = signal
  }

  /** Of a work that failed it tells why, and not that its rollback failed too. */
  async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#connection.execute("BEGIN")
    try {
      const result = await until(this.#signal, work)
      await this.#end()
      await this.#connection.execute("COMMIT")
      return result
    } catch (error) {
      await this.#end()
      await this.#connection.execute("ROLLBACK").catch(() => undefined)
      throw error
    }
  }

  /** The session as a client, which drizzle asks for. */
  of(client: Client): Client {
    const execute = async (...statement: Parameters<Executor["execute"]>) => {
      const turn = this.#last.then(() => {
        if (this.#isOver) throw new Error("The unit of work is over")
        return this.#connection.execute(...statement)
      })
      this.#last = turn.catch(() => undefined)
      return await turn
    }
    return Object.assign(Object.create(client), { execute })
  }

  /** Waits for the statement that is under way. */
  async #end(): Promise<void> {
    this.#isOver = true
    await until(this.#signal, () => this.#last).catch(() => undefined)
  }
}

function queriesOf(client: Client, { onStatement }: EngineOptions): Queries {
  const db = drizzle(client, { ...(onStatement && { logger: { logQuery: onStatement } }) })
  const run = (statement: never) => coded(async () => (await db.execute(statement)).rows)
  const sender = promptly((text, values) =>
    coded(async () => {
      onStatement?.(text, values)
      const { rows, insertId } = await client.execute<unknown[]>(text, [...values], { as: "array" })
      return { rows, insertId: Number(insertId) }
    }),
  )
  return Object.assign(db, { run, ...sender }) as unknown as Queries
}

/** How the client's request begins that rolls back. */
const ROLLBACK = '{"query":"ROLLBACK"'

/** The names that mysql2 has for MySQL's numbers of errors, of those that mean something here. */
const NAMES: Readonly<Record<string, string>> = {
  1005: "ER_CANT_CREATE_TABLE",
  1020: "ER_CHECKREAD",
  1021: "ER_DISK_FULL",
  1040: "ER_CON_COUNT_ERROR",
  1045: "ER_ACCESS_DENIED_ERROR",
  1049: "ER_BAD_DB_ERROR",
  1050: "ER_TABLE_EXISTS_ERROR",
  1051: "ER_BAD_TABLE_ERROR",
  1060: "ER_DUP_FIELDNAME",
  1061: "ER_DUP_KEYNAME",
  1062: "ER_DUP_ENTRY",
  1068: "ER_MULTIPLE_PRI_KEY",
  1091: "ER_CANT_DROP_FIELD_OR_KEY",
  1114: "ER_RECORD_FILE_FULL",
  1139: "ER_REGEXP_ERROR",
  1146: "ER_NO_SUCH_TABLE",
  1153: "ER_NET_PACKET_TOO_LARGE",
  1203: "ER_TOO_MANY_USER_CONNECTIONS",
  1205: "ER_LOCK_WAIT_TIMEOUT",
  1213: "ER_LOCK_DEADLOCK",
  1226: "ER_USER_LIMIT_REACHED",
  1264: "ER_WARN_DATA_OUT_OF_RANGE",
  1290: "ER_OPTION_PREVENTS_STATEMENT",
  1292: "ER_TRUNCATED_WRONG_VALUE",
  1366: "ER_TRUNCATED_WRONG_VALUE_FOR_FIELD",
  1406: "ER_DATA_TOO_LONG",
  1826: "ER_FK_DUP_NAME",
  3065: "ER_FIELD_IN_ORDER_NOT_SELECT",
}

/** What Vitess says without a number of MySQL. An aborted transaction may run again, as after a deadlock. */
const OF_VITESS: Readonly<Record<string, string>> = {
  ABORTED: "ER_LOCK_DEADLOCK",
  RESOURCE_EXHAUSTED: "ER_CON_COUNT_ERROR",
  UNAVAILABLE: "ECONNRESET",
  UNAUTHENTICATED: "ER_ACCESS_DENIED_ERROR",
  PERMISSION_DENIED: "ER_ACCESS_DENIED_ERROR",
  // From before the statement: the proxy, or what stands before it.
  UNKNOWN: "ECONNRESET",
}

/** Gives errors the codes that mysql2 gives them. */
async function coded<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    for (const cause of causes(error)) {
      if (cause instanceof DatabaseError) Object.assign(cause, { code: nameOf(cause) })
    }
    throw error
  }
}

function nameOf({ message, body }: DatabaseError): string {
  const number = /\(errno (\d+)\)/.exec(message)?.[1]
  if (number === undefined) return OF_VITESS[body.code.toUpperCase()] ?? body.code
  return NAMES[number] ?? `errno ${number}`
}
