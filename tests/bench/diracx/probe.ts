import type { Connection } from "mysql2/promise"

/** A database past the servers that use it. */
export interface Probe {
  readonly run: (statement: string, values?: readonly string[]) => Promise<unknown>
  /** Rows of a table, maybe those of a condition ("Jobs WHERE …"). */
  readonly count: (rows: string) => Promise<number>
  /** How many statements it has been asked; NaN when it does not count them. */
  readonly statements: () => Promise<number>
  readonly words: Words
}

/** What databases say in words of their own. */
export interface Words {
  /** A table with the integers from the first to the last, in its column seq. */
  readonly series: (first: number, last: number) => string
  /** So many seconds (an expression) after a time of UTC, "2026-10-01 10:00:00". */
  readonly after: (time: string, seconds: string) => string
  /** Looks at all rows, so that the ways to them are chosen by what there is. */
  readonly analyze: string
}

/** In the time zone UTC. */
export function mariadbProbe(connection: Connection): Probe {
  const figure = async (statement: string): Promise<number> => {
    const [rows] = await connection.query(statement)
    return (rows as [{ n: number }])[0].n
  }
  return {
    run: (statement, values = []) => connection.query(statement, [...values]),
    count: (rows) => figure(`SELECT COUNT(*) AS n FROM ${rows}`),
    statements: () =>
      figure(
        "SELECT CAST(VARIABLE_VALUE AS SIGNED) AS n FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'Questions'",
      ),
    words: {
      series: (first, last) => `seq_${first}_to_${last}`,
      after: (time, seconds) => `(TIMESTAMP'${time}' + INTERVAL ${seconds} SECOND)`,
      analyze: "ANALYZE TABLE JobJDLs, Jobs, LoggingInfo, PilotAgents",
    },
  }
}
