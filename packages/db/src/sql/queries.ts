import type { SQL } from "drizzle-orm"
import type {
  MySqlDatabase,
  MySqlQueryResultHKT,
  PreparedQueryHKTBase,
} from "drizzle-orm/mysql-core"

type Builder = MySqlDatabase<MySqlQueryResultHKT, PreparedQueryHKTBase, Record<string, never>>

/** What a query is built from: a connection, or an open transaction. */
export interface Queries extends Pick<
  Builder,
  "select" | "selectDistinct" | "insert" | "update" | "delete"
> {
  /** Runs a statement written as SQL; for one that returns rows, gives them. */
  run(statement: SQL): Promise<readonly Record<string, unknown>[]>
}
