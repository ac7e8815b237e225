import type { Query, SQL } from "drizzle-orm"

/** The text that a dialect of drizzle makes of a statement, and the values for its marks. */
export function writtenBy(
  dialect: { sqlToQuery(statement: SQL): Query },
  statement: SQL,
): { text: string; values: unknown[] } {
  const { sql: text, params: values } = dialect.sqlToQuery(statement)
  return { text, values }
}
