import Libsql from "libsql"
import type { LibsqlExecutor } from "./libsql-queries.ts"

/** Texts that are sent again are prepared once; so many of them are kept. */
const PREPARED = 200

type Prepared = Libsql.Statement

/**
 * A connection to a SQLite file, through the binding that libSQL's client is made of: the client makes an
 * object with a property for each value of a row, which takes longer than to read it. All is answered at
 * once, and who waits for it waits in JavaScript.
 */
export class SqliteConnection implements LibsqlExecutor {
  readonly #path: string
  readonly #session: readonly string[]
  readonly #prepared = new Map<string, Prepared>()
  #database: Libsql.Database

  /** @param session statements that each connection begins with */
  constructor(path: string, session: readonly string[]) {
    this.#path = path
    this.#session = session
    this.#database = this.#opened()
  }

  async execute({ sql, args }: { sql: string; args: readonly unknown[] }) {
    const statement = this.#statement(sql)
    const values = args.map((value) => (typeof value === "boolean" ? Number(value) : value))
    try {
      if (!statement.reader) {
        return { columns: [], rows: [], rowsAffected: statement.run(values).changes }
      }
      const rows = statement.raw().all(values) as unknown[][]
      for (const row of rows) whole(row)
      return { columns: statement.columns().map(({ name }) => name), rows, rowsAffected: 0 }
    } catch (error) {
      // What it has begun ends with it.
      this.#prepared.delete(sql)
      throw error
    }
  }

  run(statement: string): void {
    this.#database.exec(statement)
  }

  /** Undoes what was not committed; a connection that cannot is replaced. */
  rollBack(): void {
    if (!this.#database.open || !this.#database.inTransaction) return
    try {
      this.run("ROLLBACK")
    } catch {
      this.reopen()
    }
  }

  /** Another connection to the same file. */
  reopen(): void {
    this.close()
    this.#database = this.#opened()
  }

  close(): void {
    this.#prepared.clear()
    if (this.#database.open) this.#database.close()
  }

  #opened(): Libsql.Database {
    // The binding is synchronous: waiting inside SQLite would stop the process, and often the very
    // transaction that it waits for. A locked file is an error at once, and is tried again from outside.
    const database = new Libsql(this.#path, { timeout: 0 })
    for (const statement of this.#session) database.exec(statement)
    return database
  }

  #statement(sql: string): Prepared {
    const known = this.#prepared.get(sql)
    if (known !== undefined) return known
    const statement = this.#database.prepare(sql)
    statement.safeIntegers()
    if (this.#prepared.size >= PREPARED) this.#prepared.clear()
    this.#prepared.set(sql, statement)
    return statement
  }
}

/** Whole numbers come in as many digits as they have; one that a number cannot hold is not cut. */
function whole(row: unknown[]): void {
  for (const [i, value] of row.entries()) {
    if (typeof value !== "bigint") continue
    const number = Number(value)
    if (!Number.isSafeInteger(number)) throw new RangeError("A number is too large")
    row[i] = number
  }
}
