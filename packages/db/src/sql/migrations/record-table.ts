import { sql } from "drizzle-orm"
import type { Queries } from "../queries.ts"
import type { DialectName } from "../url.ts"
import { foundShapes } from "./found-shapes.ts"

/** Names are not quoted, so that every dialect folds their case in its own way, and always the same. */
export async function makeRecord(db: Queries, dialect: DialectName): Promise<void> {
  const tables = await foundShapes(db, dialect)
  const record = tables.find(({ name }) => name === "spinor_migrations")
  if (record === undefined) {
    await db.run(
      sql`create table spinor_migrations (
        DatabaseName varchar(64) not null, Name varchar(128) not null, AppliedAt varchar(32) not null,
        ${OUTCOME}, ${STEPS}, primary key (DatabaseName, Name))`,
    )
    return
  }
  // The first records had no outcome: what was in them was done.
  const has = (column: string) => record.columns.some(({ name }) => name.toLowerCase() === column)
  if (!has("outcome")) await db.run(sql`alter table spinor_migrations add column ${OUTCOME}`)
  if (!has("steps")) await db.run(sql`alter table spinor_migrations add column ${STEPS}`)
}

const OUTCOME = sql`Outcome varchar(16) default 'applied' not null`
const STEPS = sql`Steps int default 0 not null`
