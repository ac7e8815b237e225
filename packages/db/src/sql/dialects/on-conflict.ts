import { sql, type SQL } from "drizzle-orm"
import type { MySqlColumn } from "drizzle-orm/mysql-core"
import { bare, setEach } from "./overwrite.ts"

interface OnConflict<Insert> {
  onConflictDoUpdate(clause: object): Insert
  onConflictDoNothing(clause: object): Insert
}

const excluded = (column: MySqlColumn): SQL => sql`excluded.${bare(column)}`

export const onConflict = {
  upsert: <Insert>(insert: Insert, key: MySqlColumn[], overwritten: MySqlColumn[]): Insert =>
    (insert as unknown as OnConflict<Insert>).onConflictDoUpdate({
      target: key,
      set: setEach(overwritten, excluded),
    }),
  ignoreDuplicates: <Insert>(insert: Insert, key: MySqlColumn[]): Insert =>
    (insert as unknown as OnConflict<Insert>).onConflictDoNothing({ target: key }),
}

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
