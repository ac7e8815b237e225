import { sqliteDialect } from "../dialects/sqlite.ts"
import type { Engine, EngineOptions, Work } from "../engine.ts"
import type { DatabaseUrl } from "../url.ts"
import { refuseAfter, until } from "@spinor/core/until"
import { Gate } from "../units/gate.ts"
import { libsqlQueries, type LibsqlExecutor } from "./parts/libsql-queries.ts"
import { SqliteConnection } from "./parts/sqlite-connection.ts"
import { whenFree } from "./parts/when-free.ts"

/**
 * A local SQLite file, in WAL mode: one connection writes, another reads meanwhile. In memory there
 * is one connection for both, so reads take their turn with writes.
 */
export async function openLibsqlFile(url: DatabaseUrl, options: EngineOptions): Promise<Engine> {
  const inMemory = url.database === ":memory:"
  const session = ["PRAGMA foreign_keys = ON", `PRAGMA synchronous = ${options.synchronous}`]
  const writer = new SqliteConnection(url.database, session)
  const writing = new Gate(1, options.poolTimeout)

  const patience = () => performance.now() + options.busyTimeout

  const inWal = async () => (inMemory ? undefined : writer.run("PRAGMA journal_mode = WAL"))
  await whenFree(inWal, { until: patience() })
  const reader = inMemory ? writer : new SqliteConnection(url.database, session)
  const read = libsqlQueries(reader, options)

  const transaction = <Result>(work: Work<Result>, signal?: AbortSignal): Promise<Result> => {
    // Who waits for his turn is waiting already.
    const end = patience()
    const turn = () => {
      let begun = false
      const attempt = async () => {
        refuseAfter(signal)
        begin(writer, inMemory)
        begun = true
        const unit = new Unit(writer)
        try {
          const result = await until(signal, () => work(libsqlQueries(unit, options)))
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
          : whenFree(() => work(read), { until: patience(), signal }),
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

function begin(writer: SqliteConnection, inMemory: boolean): void {
  try {
    writer.run("BEGIN IMMEDIATE")
  } catch (error) {
    // The binding leaves a BEGIN that was refused unfinished; on its connection no COMMIT succeeds.
    if (!inMemory) writer.reopen()
    throw error
  }
}

/** A transaction: work that was broken off writes nothing after its end. */
class Unit implements LibsqlExecutor {
  readonly #connection: SqliteConnection
  #isOver = false

  constructor(connection: SqliteConnection) {
    this.#connection = connection
  }

  async execute(statement: Parameters<LibsqlExecutor["execute"]>[0]) {
    if (this.#isOver) throw new Error("The unit of work is over")
    return await this.#connection.execute(statement)
  }

  end(): void {
    this.#isOver = true
  }
}
