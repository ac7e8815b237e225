import { sql, type SQL } from "drizzle-orm"
import type { MySqlColumn } from "drizzle-orm/mysql-core"
import type { Overwrite } from "./dialect.ts"
import { assignments, bare } from "./overwrite.ts"

const excluded = (column: MySqlColumn): SQL => sql`excluded.${bare(column)}`

export const ignoreDuplicates = <Insert>(insert: Insert, key: MySqlColumn[]): Insert =>
  (insert as { onConflictDoNothing(clause: object): Insert }).onConflictDoNothing({ target: key })

/** The clause at the end of an insert. */
export const onConflictClause = (existing: Overwrite): SQL =>
  sql`on conflict (${sql.join(existing.key.map(bare), sql`, `)}) do update set ${assignments(existing, excluded)}`

/** Ids come in the order of the values, each from the same sequence, so they are sorted. */
export async function returnedIds(
  insert: PromiseLike<unknown>,
  id: MySqlColumn,
): Promise<number[]> {
  const returning = insert as unknown as {
    returning(fields: object): Promise<{ id: number }[]>
  }
  const rows = await returning.returning({ id })
  return rows.map((row) => row.id).sort((a, b) => a - b)
}
