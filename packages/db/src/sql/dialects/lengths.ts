import type { MySqlColumn } from "drizzle-orm/mysql-core"

/** Cuts a text to what the column holds, counting characters as the servers do. */
export function cutToLength(column: MySqlColumn, text: string): string {
  const length = Number(/^varchar\((\d+)\)/.exec(column.getSQLType())?.[1] ?? Infinity)
  return text.length <= length ? text : Array.from(text).slice(0, length).join("")
}
