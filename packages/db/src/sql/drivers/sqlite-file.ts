import { setImmediate } from "node:timers/promises"
import { sqliteDialect } from "../dialects/sqlite.ts"
import type { Engine, EngineOptions, Work } from "../engine.ts"
import type { DatabaseUrl } from "../url.ts"
import { refuseAfter, until } from "@spinor/core/until"
import { Gate } from "../units/gate.ts"
import { sqliteQueries } from "./parts/sqlite-queries.ts"
import { SqliteUnit } from "./parts/sqlite-unit.ts"
import { SqliteConnection } from "./parts/sqlite-connection.ts"
import { whenFree } from "./parts/when-free.ts"

/**
 * A local SQLite file, in WAL mode: one connection writes, another reads meanwhile. In memory there
 * is one connection for both, so reads take their turn with writes.
 */
export async function openSqliteFile(url: DatabaseUrl, options: EngineOptions): Promise<Engine> {
  const inMemory = url.database === ":memory:"
  const session = ["PRAGMA foreign_keys = ON", `PRAGMA synchronous = ${options.synchronous}`]
  const writer = new SqliteConnection(url.database, session)
  const writing = new Gate(1, options.poolTimeout)

  const patience = () => performance.now() + options.busyTimeout

  const inWal = async () => (inMemory ? undefined : writer.run("PRAGMA journal_mode = WAL"))
  await whenFree(inWal, { until: patience() })
  const reader = inMemory ? writer : new SqliteConnection(url.database, session)
  const read = sqliteQueries(reader, options)

  const transaction = <Result>(work: Work<Result>, signal?: AbortSignal): Promise<Result> => {
    // Who waits for his turn is waiting already.
    const end = patience()
    const turn = () => {
      let begun = false
      const attempt = async () => {
        refuseAfter(signal)
        writer.run("BEGIN IMMEDIATE")
        begun = true
        const unit = new SqliteUnit(writer)
        try {
          const result = await until(signal, () => work(sqliteQueries(unit, options)))
          writer.run("COMMIT")
          return result
        } finally {
          unit.end()
          writer.rollBack()
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
          : whenFree(() => soon(() => work(read)), { until: patience(), signal }),
      ),
    transaction,
    async close() {
      await writing.pass(async () => {
        writer.close()
        reader.close()
      })
    },
  }
}

/** SQLite answers at once. Those who ask the same in this turn of the event loop are heard first, to share the answer. */
async function soon<Result>(work: () => Promise<Result>): Promise<Result> {
  await setImmediate()
  return await work()
}
