import type { SqliteExecutor } from "./sqlite-queries.ts"

/** A transaction, which hears nothing after its end of work that was broken off, or goes on by itself. */
export class SqliteUnit implements SqliteExecutor {
  readonly #transaction: SqliteExecutor
  #isOver = false

  constructor(transaction: SqliteExecutor) {
    this.#transaction = transaction
  }

  async execute(statement: Parameters<SqliteExecutor["execute"]>[0]) {
    if (this.#isOver || this.#transaction.isInTransaction === false)
      throw new Error("The unit of work is over")
    return await this.#transaction.execute(statement)
  }

  end(): void {
    this.#isOver = true
  }
}
