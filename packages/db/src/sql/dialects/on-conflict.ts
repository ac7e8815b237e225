import { sql, type SQL } from "drizzle-orm"
import type { MySqlColumn } from "drizzle-orm/mysql-core"
import type { Queries } from "../queries.ts"
import type { Overwrite } from "./dialect.ts"
import { assignments, bare } from "./overwrite.ts"

const excluded = (column: MySqlColumn): SQL => sql`excluded.${bare(column)}`

export const ignoreDuplicates = <Insert>(insert: Insert, key: MySqlColumn[]): Insert =>
  (insert as { onConflictDoNothing(clause: object): Insert }).onConflictDoNothing({ target: key })

/** The clause at the end of an insert. */
export const onConflictClause = (existing: Overwrite): SQL =>
  sql`on conflict (${sql.join(existing.key.map(bare), sql`, `)}) do update set ${assignments(existing, excluded)}`

/** Ids come in the order of the rows, each from the same sequence, so they are sorted. */
export async function returnedIds(db: Queries, insert: SQL, id: MySqlColumn): Promise<number[]> {
  const rows = await db.run(sql`${insert} returning ${bare(id)}`)
  return rows.map((row) => Number(row[id.name])).sort((a, b) => a - b)
}
