import type { Fault } from "../dialects/dialect.ts"
import type { DialectName } from "../url.ts"

/** What a unit of work is for. */
export interface UnitOfWork {
  readonly operation: "read" | "write"
  /** The logical databases that it names. */
  readonly databases: readonly string[]
}

/** A statement without its values. */
export interface Statement {
  readonly dialect: DialectName
  /** The name of the database on its server, or the path of a file. */
  readonly database: string
  /** Its first word in capitals: "SELECT". */
  readonly operation: string
  /** The table that it names first; undefined where there is none. */
  readonly table: string | undefined
}

/** What is known of a statement that has ended. */
export interface StatementOutcome {
  /** The rows that it gave, or changed. */
  readonly rows?: number | undefined
  readonly fault?: string | undefined
}

/** Is told of all that happens in databases; no value of a statement reaches it. */
export interface SqlTelemetry {
  unit<Result>(unit: UnitOfWork, work: () => Promise<Result>): Promise<Result>
  statement<Result>(
    statement: Statement,
    work: () => Promise<Result>,
    outcomeOf: (ended: { result: Result } | { error: unknown }) => StatementOutcome,
  ): Promise<Result>
  /** A unit of work waited for a connection of a pool. */
  waited(dialect: DialectName, milliseconds: number): void
  /** A unit of work runs again; named by its first database. */
  repeated(database: string, fault: Fault): void
}
