import type { Queries } from "./queries.ts"
import type { Dialect } from "./dialects/dialect.ts"
import type { SqlTelemetry } from "./telemetry/telemetry.ts"

/** One pool of connections to one database, made once for each distinct URL. */
export interface Engine {
  readonly dialect: Dialect
  /** Runs reads outside of a transaction; a signal breaks them off. */
  read<Result>(work: Work<Result>, signal?: AbortSignal): Promise<Result>
  /**
   * Runs the work in one transaction and commits it; rolls back when the work throws, or is broken off by
   * a signal, which must not come once the work has ended.
   */
  transaction<Result>(work: Work<Result>, signal?: AbortSignal): Promise<Result>
  close(): Promise<void>
}

export type Work<Result> = (queries: Queries) => Promise<Result>

/** A server to which a pool keeps several connections. */
export interface Server {
  readonly dialect: Dialect
  connect(): Connection
}

/** One connection to a server: made when it is needed, and anew after it was lost. */
export interface Connection {
  read<Result>(work: Work<Result>): Promise<Result>
  transaction<Result>(work: Work<Result>): Promise<Result>
  close(): Promise<void>
  /** Closes it at once and for ever: what is under way fails, and the server rolls it back. */
  breakOff(): void
}

/** How connections to a server are protected (TLS). */
export interface EngineTls {
  /** Without "verify" anybody may answer; "verify-full" looks at the name of the host too (as libpq's sslmode). */
  readonly mode: "require" | "verify-ca" | "verify-full"
  /** Certificates of the authorities that are trusted, in PEM; those of Node unless given. */
  readonly ca: string | undefined
}

/** How a database is connected to. Times are in milliseconds. */
export interface EngineOptions {
  /** Connections of a pool that stay open; SQLite always has one that writes. */
  readonly poolSize: number
  /** How many more there may be while they are needed. */
  readonly poolOverflow: number
  /** How long to wait for one of them to be free. */
  readonly poolTimeout: number
  /** How old a connection may become; 0 for any age. */
  readonly poolRecycle: number
  /** Whether connections that were idle are tried before they are used. */
  readonly prePing: boolean
  /** How long to wait for a connection to be made. */
  readonly connectTimeout: number
  /** How long a server may keep silent before its connection is closed; 0 for ever. */
  readonly statementTimeout: number
  /** How long a writer waits for a locked SQLite file. */
  readonly busyTimeout: number
  /** When SQLite takes a commit for done: PRAGMA synchronous. */
  readonly synchronous: "OFF" | "NORMAL" | "FULL" | "EXTRA"
  readonly tls: EngineTls | undefined
  readonly telemetry: SqlTelemetry | undefined
  /** Told of every statement and its values: a test counts them. */
  readonly onStatement?: (sql: string, parameters: readonly unknown[]) => void
}

/** What a server does that is told nothing else. */
export const USUAL_OPTIONS: EngineOptions = {
  poolSize: 8,
  poolOverflow: 0,
  poolTimeout: 30_000,
  poolRecycle: 1_800_000,
  prePing: true,
  connectTimeout: 5000,
  statementTimeout: 60_000,
  busyTimeout: 30_000,
  synchronous: "FULL",
  tls: undefined,
  telemetry: undefined,
}
