import type { SQL } from "drizzle-orm"
import { drizzle } from "drizzle-orm/mysql2"
import type { FieldPacket, PoolConnection, ResultSetHeader } from "mysql2"
import { writtenForMysql } from "../../dialects/mysql.ts"
import type { EngineOptions } from "../../engine.ts"
import type { Queries } from "../../queries.ts"
import type { Line } from "./line.ts"

type Outcome = readonly (readonly unknown[])[] | ResultSetHeader

/** As drizzle wants it of mysql2. */
type Result = [outcome: Outcome, columns: readonly FieldPacket[]]

/** A statement that has not been sent yet. For one that was left for later, nobody waits. */
interface Pending {
  readonly text: string
  readonly done?: (result: Result) => void
  readonly failed?: (error: unknown) => void
}

/** What is longer is sent at once: a server takes packets of 16 MB, if it is told nothing else. */
const LONG = 1_000_000

/**
 * What one unit of work says to a server of MySQL. Statements that are said at once go in one packet, and
 * with them what was left for later, the begin of the transaction and its commit: a round trip takes longer
 * than most statements.
 */
export class MysqlConversation {
  readonly #connection: PoolConnection
  readonly #line: Line
  readonly #onStatement: EngineOptions["onStatement"]
  #pending: Pending[] = []
  #isDue = false
  #wasHeard = false
  #isOver = false

  constructor(
    connection: PoolConnection,
    line: Line,
    { onStatement }: Pick<EngineOptions, "onStatement">,
  ) {
    this.#connection = connection
    this.#line = line
    this.#onStatement = onStatement
  }

  async say(text: string, values: readonly unknown[] = []): Promise<Result> {
    return await this.#soon({ text: this.#written(text, values) })
  }

  async later(text: string, values: readonly unknown[] = []): Promise<void> {
    this.#pending.push({ text: this.#written(text, values) })
    const length = this.#pending.reduce((sum, each) => sum + each.text.length, 0)
    if (length > LONG) await this.settle()
  }

  async settle(): Promise<void> {
    const last = this.#pending.pop()
    if (last !== undefined) await this.#soon(last)
  }

  /** Of a work that failed it tells why, and not that its rollback failed too. */
  async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.later("START TRANSACTION")
    try {
      const result = await work()
      const isNeeded = this.#wasHeard || this.#pending.length > 1
      const commit = isNeeded ? this.#written("COMMIT", []) : undefined
      // What was said after it would be outside of the transaction.
      this.end()
      if (commit !== undefined) await this.#soon({ text: commit })
      return result
    } catch (error) {
      this.end()
      for (const { failed } of this.#pending.splice(0)) failed?.(over())
      if (this.#wasHeard) await this.#soon({ text: "ROLLBACK" }).catch(() => undefined)
      throw error
    }
  }

  /** What is said afterwards, by work that goes on by itself, does not reach the connection's next user. */
  end(): void {
    this.#isOver = true
  }

  #written(text: string, values: readonly unknown[]): string {
    if (this.#isOver || this.#line.isBroken) throw over()
    this.#onStatement?.(text, values)
    return values.length === 0 ? text : this.#connection.format(text, [...values])
  }

  #soon({ text, done, failed }: Pending): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    this.#pending.push({
      text,
      done(result) {
        done?.(result)
        resolve(result)
      },
      failed(error) {
        failed?.(error)
        reject(error)
      },
    })
    if (!this.#isDue) queueMicrotask(() => this.#send())
    this.#isDue = true
    return promise
  }

  #send(): void {
    const sent = this.#pending
    this.#pending = []
    this.#isDue = false
    if (sent.length === 0) return
    this.#wasHeard = true
    const sql = sent.map(({ text }) => text).join(";")
    this.#connection.query({ sql, rowsAsArray: true }, (error, outcome, columns) => {
      // Of one statement there is one result, of several a list.
      const [outcomes, lists] = (
        sent.length === 1 ? [[outcome], [columns]] : [outcome, columns]
      ) as [Outcome[], FieldPacket[][]]
      for (const [i, { done, failed }] of sent.entries()) {
        if (error) failed?.(error)
        else done?.([outcomes[i] ?? [], lists[i] ?? []])
      }
    })
  }
}

const over = (): Error => new Error("The unit of work is over")

/** Queries as statements of a conversation. */
export function queriesIn(conversation: MysqlConversation): Queries {
  // Of a client drizzle uses this alone.
  const client = {
    query: ({ sql }: { sql: string }, values: unknown[]) => conversation.say(sql, values),
  }
  const run = async (statement: SQL) => {
    const { text, values } = writtenForMysql(statement)
    const [outcome, columns] = await conversation.say(text, values)
    if (!isRows(outcome)) return []
    const names = columns.map(({ name }) => name)
    return outcome.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])))
  }
  const send = async (text: string, values: readonly unknown[]) => {
    const [outcome] = await conversation.say(text, values)
    return isRows(outcome) ? { rows: outcome } : { rows: [], insertId: outcome.insertId }
  }
  return Object.assign(drizzle(client as never), {
    run,
    send,
    later: (text: string, values: readonly unknown[]) => conversation.later(text, values),
    settle: () => conversation.settle(),
  })
}

const isRows = (outcome: Outcome): outcome is readonly (readonly unknown[])[] =>
  Array.isArray(outcome)
