import { createClient, type Client } from "@libsql/client/sqlite3"
import { sqliteDialect } from "../dialects/sqlite.ts"
import type { Engine, EngineOptions, Work } from "../engine.ts"
import { encodedPath, type DatabaseUrl } from "../url.ts"
import { refuseAfter, until } from "@spinor/core/until"
import { Gate } from "../units/gate.ts"
import { libsqlQueries } from "./parts/libsql-queries.ts"
import { whenFree } from "./parts/when-free.ts"

/**
 * A local SQLite file, in WAL mode: one connection writes, another reads meanwhile. In memory there
 * is one connection for both, so reads take their turn with writes.
 */
export async function openLibsqlFile(url: DatabaseUrl, options: EngineOptions): Promise<Engine> {
  // On every connection: the client may have replaced the one that was set before.
  const session = ["PRAGMA foreign_keys = ON", `PRAGMA synchronous = ${options.synchronous}`]
  const inMemory = url.database === ":memory:"
  const connect = () =>
    createClient({
      url: inMemory ? ":memory:" : `file:${encodedPath(url.database)}`,
      concurrency: 1,
      // The binding is synchronous: waiting inside SQLite would stop the process, and often the very
      // transaction that it waits for. A locked file is an error at once, and is tried again from here.
      timeout: 0,
    })
  const writer = connect()
  const reader = inMemory ? writer : connect()
  const read = libsqlQueries(reader, options)
  const writing = new Gate(1, options.poolTimeout)

  const patience = () => performance.now() + options.busyTimeout

  await whenFree(
    async () => {
      if (!inMemory) await writer.execute("PRAGMA journal_mode = WAL")
      for (const pragma of session) await reader.execute(pragma)
    },
    { until: patience() },
  )

  const transaction = <Result>(work: Work<Result>, signal?: AbortSignal): Promise<Result> => {
    // Who waits for his turn is waiting already.
    const end = patience()
    const turn = () => {
      let begun = false
      const attempt = async () => {
        refuseAfter(signal)
        for (const pragma of session) await writer.execute(pragma)
        const tx = await writer.transaction("write").catch((error: unknown) => {
          // The binding leaves a BEGIN that was refused unfinished; on its connection no COMMIT succeeds.
          if (!inMemory) writer.reconnect()
          throw error
        })
        begun = true
        try {
          const result = await until(signal, () => work(libsqlQueries(tx, options)))
          await tx.commit()
          return result
        } finally {
          tx.close()
        }
      }
      return whenFree(attempt, { until: end, signal, begun: () => begun })
    }
    return until(signal, () => writing.pass(turn, signal))
  }

  return {
    dialect: sqliteDialect,
    read: (work, signal) =>
      until(signal, () =>
        inMemory
          ? writing.pass(() => work(read), signal)
          : whenFree(() => work(read), { until: patience(), signal }),
      ),
    transaction,
    async close() {
      await writing.pass(async () => close(writer, reader))
    },
  }
}

function close(...clients: Client[]): void {
  for (const client of new Set(clients)) client.close()
}
