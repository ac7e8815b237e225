import type { Queries } from "./database.ts"
import type { Dialect } from "./dialects/dialect.ts"

/** One pool of connections to one database, made once for each distinct URL. */
export interface Engine {
  readonly dialect: Dialect
  /** Runs reads outside of a transaction. */
  read<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result>
  /** Runs the work in one transaction and commits it; rolls back when the work throws. */
  transaction<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

export interface EngineOptions {
  /** Most connections of a pool; SQLite always has one that writes. */
  readonly poolSize: number
  /** How long a writer waits for a locked SQLite file, in milliseconds. */
  readonly busyTimeout: number
  /** How long to wait for a connection to be made, in milliseconds. */
  readonly connectTimeout: number
  /** How long a server may keep silent before its connection is closed, in milliseconds; 0 for ever. */
  readonly statementTimeout: number
  /** Told of every statement: a test counts them, telemetry will time them. */
  readonly onStatement?: (sql: string, parameters: readonly unknown[]) => void
}
