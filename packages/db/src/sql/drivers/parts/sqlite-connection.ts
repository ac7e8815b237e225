import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite"
import { sqliteCode } from "./sqlite-codes.ts"
import { Patterns } from "./sqlite-regexp.ts"
import type { SqliteExecutor } from "./sqlite-queries.ts"

/** Texts that are sent again are prepared once; so many of them are kept. */
const PREPARED = 200

interface Prepared {
  readonly statement: StatementSync
  /** Their names; a statement that gives no rows has none. */
  readonly columns: readonly string[]
}

/** A connection to a SQLite file. All is answered at once, and who waits for it waits in JavaScript. */
export class SqliteConnection implements SqliteExecutor {
  readonly #path: string
  readonly #session: readonly string[]
  readonly #prepared = new Map<string, Prepared>()
  readonly #patterns = new Patterns()
  #database: DatabaseSync

  /** @param session statements that each connection begins with */
  constructor(path: string, session: readonly string[]) {
    this.#path = path
    this.#session = session
    this.#database = this.#opened()
  }

  async execute({ sql, args }: { sql: string; args: readonly unknown[] }) {
    // Values as drizzle's columns make them.
    const values = args.map((value) =>
      typeof value === "boolean" ? Number(value) : value,
    ) as SQLInputValue[]
    this.#patterns.forget()
    return coded(() => {
      const { statement, columns } = this.#statement(sql)
      if (columns.length > 0) {
        // It gives arrays, as it was told to.
        const rows = statement.all(...values) as unknown as ArrayLike<unknown>[]
        return { columns, rows, rowsAffected: 0 }
      }
      const { changes } = statement.run(...values)
      return { columns, rows: [], rowsAffected: Number(changes) }
    })
  }

  run(statement: string): void {
    coded(() => this.#database.exec(statement))
  }

  /** Whether a transaction is open; of a full disk, for one, SQLite undoes it by itself. */
  get isInTransaction(): boolean {
    return this.#database.isOpen && this.#database.isTransaction
  }

  /** Undoes what was not committed; a connection that cannot is replaced. */
  rollBack(): void {
    if (!this.isInTransaction) return
    try {
      this.run("ROLLBACK")
    } catch {
      this.close()
      this.#database = this.#opened()
    }
  }

  close(): void {
    this.#prepared.clear()
    if (this.#database.isOpen) this.#database.close()
  }

  #opened(): DatabaseSync {
    // Waiting inside SQLite would stop the process, and often the very transaction that it waits for.
    // A locked file is an error at once, and is tried again from outside.
    const database = coded(() => new DatabaseSync(this.#path, { timeout: 0 }))
    this.#patterns.teach(database)
    for (const statement of this.#session) coded(() => database.exec(statement))
    return database
  }

  #statement(sql: string): Prepared {
    const known = this.#prepared.get(sql)
    if (known !== undefined) return known
    const statement = this.#database.prepare(sql)
    statement.setReturnArrays(true)
    const prepared = { statement, columns: statement.columns().map(({ name }) => name) }
    if (this.#prepared.size >= PREPARED) this.#prepared.clear()
    this.#prepared.set(sql, prepared)
    return prepared
  }
}

/** Gives errors the codes that SQLite's documentation names. */
function coded<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    const code = sqliteCode(error)
    throw code === undefined ? error : Object.assign(error as Error, { code })
  }
}
