import type { Connection } from "mysql2/promise"

/** A statement that a server sent, as MariaDB noted it. */
export interface Statement {
  readonly text: string
  readonly milliseconds: number
  /** That were looked at. */
  readonly rows: number
}

/** What MariaDB notes of statements. */
export interface StatementLog {
  /** Forgets what was noted. */
  readonly clear: () => Promise<void>
  /** What a database was asked since, by connections that were opened after the log. */
  readonly of: (database: string) => Promise<readonly Statement[]>
  readonly close: () => Promise<void>
}

/** Lets MariaDB note all statements with their times: its log of slow ones, for which none is too fast. */
export async function openStatementLog(connection: Connection): Promise<StatementLog> {
  for (const setting of ["log_output = 'TABLE'", "long_query_time = 0", "slow_query_log = ON"]) {
    await connection.query(`SET GLOBAL ${setting}`)
  }
  return {
    async clear() {
      await connection.query("TRUNCATE mysql.slow_log")
    },
    async of(database) {
      const [rows] = await connection.query(
        `SELECT CONVERT(sql_text USING utf8mb4) AS text, TIME_TO_SEC(query_time) * 1000 AS milliseconds,
          rows_examined AS \`rows\` FROM mysql.slow_log WHERE db = ?`,
        [database],
      )
      return (rows as { text: string; milliseconds: number | string; rows: number }[]).map(
        ({ milliseconds, ...rest }) => ({ ...rest, milliseconds: Number(milliseconds) }),
      )
    },
    async close() {
      await connection.query("SET GLOBAL slow_query_log = OFF")
    },
  }
}
