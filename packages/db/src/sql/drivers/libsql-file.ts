import { createClient, type Client } from "@libsql/client/sqlite3"
import { drizzle, type LibSQLDatabase } from "drizzle-orm/libsql"
import type { Queries } from "../database.ts"
import { sqliteDialect } from "../dialects/sqlite.ts"
import type { Engine, EngineOptions } from "../engine.ts"
import { backOff } from "../retry.ts"
import type { DatabaseUrl } from "../url.ts"
import { WriteQueue } from "../write-queue.ts"

/** On every connection; a pool may have replaced the one that was set before. */
const SESSION = ["PRAGMA foreign_keys = ON", "PRAGMA synchronous = FULL"]

/**
 * A local SQLite file, in WAL mode: one connection writes, another reads meanwhile. In memory there
 * is one connection for both, so reads take their turn in the queue of writes.
 */
export async function openLibsqlFile(url: DatabaseUrl, options: EngineOptions): Promise<Engine> {
  const inMemory = url.database === ":memory:"
  const connect = () =>
    createClient({
      url: inMemory ? ":memory:" : `file:${encodeURI(url.database).replaceAll("?", "%3F")}`,
      concurrency: 1,
      // The binding is synchronous: waiting inside SQLite would stop the process, and often the very
      // transaction that it waits for. A locked file is an error at once, and is tried again from here.
      timeout: 0,
    })
  const writer = connect()
  const reader = inMemory ? writer : connect()
  const logger = options.onStatement && { logQuery: options.onStatement }
  const read = queries(drizzle(reader, { ...(logger && { logger }) }))
  const db = drizzle(writer, { ...(logger && { logger }) })
  const queue = new WriteQueue()

  const whenFree = <Result>(work: () => Promise<Result>): Promise<Result> =>
    backOff(work, {
      when: (error) => sqliteDialect.fault(error) === "contention",
      until: performance.now() + options.busyTimeout,
    })

  await whenFree(async () => {
    if (!inMemory) await writer.execute("PRAGMA journal_mode = WAL")
  })

  const transaction = <Result>(work: (queries: Queries) => Promise<Result>): Promise<Result> =>
    queue.run(async () => {
      let begun = false
      return await backOff(
        async () => {
          for (const pragma of SESSION) await writer.execute(pragma)
          return await db.transaction(async (tx) => {
            begun = true
            return await work(queries(tx))
          })
        },
        {
          // Once begun, the unit of work decides whether it may run again.
          when: (error) => !begun && sqliteDialect.fault(error) === "contention",
          until: performance.now() + options.busyTimeout,
        },
      )
    })

  return {
    dialect: sqliteDialect,
    read: (work) => (inMemory ? queue.run(() => work(read)) : whenFree(() => work(read))),
    transaction,
    // A transaction holds the file: what runs exclusively opens one of its own, and looks again there.
    exclusively: (_name, work) => work(),
    async close() {
      await queue.run(async () => close(writer, reader))
    },
  }
}

function close(...clients: Client[]): void {
  for (const client of new Set(clients)) client.close()
}

function queries(db: Pick<LibSQLDatabase, "all" | "select">): Queries {
  return Object.assign(db, { run: (statement: never) => db.all(statement) }) as unknown as Queries
}
