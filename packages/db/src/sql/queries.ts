import type { SQL } from "drizzle-orm"
import type {
  MySqlDatabase,
  MySqlQueryResultHKT,
  PreparedQueryHKTBase,
} from "drizzle-orm/mysql-core"

type Builder = MySqlDatabase<MySqlQueryResultHKT, PreparedQueryHKTBase, Record<string, never>>

/** What a query is built from: a connection, or an open transaction. */
export interface Queries
  extends Sender, Pick<Builder, "select" | "selectDistinct" | "insert" | "update" | "delete"> {
  /** Runs a statement written as SQL; for one that returns rows, gives them. */
  run(statement: SQL): Promise<readonly Record<string, unknown>[]>
}

/** Sends texts of statements as they are. Of a unit of work, those that are sent at once may travel together. */
export interface Sender {
  /** @param values one for each mark in the text, as the driver takes them */
  send(text: string, values: readonly unknown[]): Promise<Sent>
  /**
   * Sends a statement whose outcome nobody needs, at once or with the next one or the commit, which then
   * fails in its place.
   */
  later(text: string, values: readonly unknown[]): Promise<void>
  /** Waits until nothing is left for later. */
  settle(): Promise<void>
}

/** What became of a statement. */
export interface Sent {
  /** In the order of the columns that were selected, as the driver gives them. */
  readonly rows: readonly ArrayLike<unknown>[]
  /** The first id that a server of MySQL made. */
  readonly insertId?: number
}

/** For a server that is sent everything at once. */
export const promptly = (send: Sender["send"]): Sender => ({
  send,
  later: async (text, values) => void (await send(text, values)),
  settle: async () => undefined,
})
