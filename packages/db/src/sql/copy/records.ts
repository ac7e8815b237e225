import { sql, type SQL } from "drizzle-orm"
import type { Queries } from "../queries.ts"
import type { Engine } from "../engine.ts"
import type { TableLayout } from "../layout.ts"
import type { Digest } from "./digest.ts"
import { existingTables } from "./examine.ts"
import type { Key } from "./key.ts"

/** How far the copy of a table came, as the target keeps it from the start to the verification. */
export interface CopyRecord {
  /** The place that is copied. */
  readonly source: string
  /** The key of the last row that was copied; undefined before the first. */
  readonly lastKey: Key | undefined
  /** What the target held before. */
  readonly before: Digest
}

// The names are not quoted, so that every dialect folds their case in its own way, and always the same.

/** The records of copies that have not ended, by the name of the table. */
export async function copyRecords(
  engine: Engine,
  tables: readonly TableLayout[],
): Promise<Map<string, CopyRecord>> {
  if (!(await hasRecords(engine))) return new Map()
  const rows = await engine.read((db) =>
    db.run(
      sql`select TableName as name, CopiedFrom as source, LastKey as last_key, RowsBefore as count_before, SumBefore as sum_before from spinor_copies where ${amongst(tables)}`,
    ),
  )
  return new Map(
    rows.map((row) => {
      const lastKey = row["last_key"]
      const record = {
        source: String(row["source"]),
        lastKey: typeof lastKey === "string" ? (JSON.parse(lastKey) as Key) : undefined,
        before: { rows: Number(row["count_before"]), sum: String(row["sum_before"]) },
      }
      return [String(row["name"]), record]
    }),
  )
}

const hasRecords = async (engine: Engine): Promise<boolean> =>
  (await existingTables(engine)).has("spinor_copies")

export async function beginRecords(
  engine: Engine,
  records: ReadonlyMap<string, CopyRecord>,
): Promise<void> {
  await engine.transaction((db) =>
    db.run(
      sql`create table if not exists spinor_copies (
        TableName varchar(64) not null primary key, CopiedFrom text not null, LastKey text,
        RowsBefore bigint not null, SumBefore varchar(40) not null)`,
    ),
  )
  await engine.transaction(async (db) => {
    for (const [name, { source, before }] of records) {
      await db.run(
        sql`insert into spinor_copies (TableName, CopiedFrom, RowsBefore, SumBefore) values (${name}, ${source}, ${before.rows}, ${before.sum})`,
      )
    }
  })
}

/** In the transaction of the rows themselves. */
export async function recordKey(db: Queries, { name }: TableLayout, key: Key): Promise<void> {
  await db.run(
    sql`update spinor_copies set LastKey = ${JSON.stringify(key)} where TableName = ${name}`,
  )
}

/** Forgets tables that are copied, or emptied. */
export async function endRecords(engine: Engine, tables: readonly TableLayout[]): Promise<void> {
  if (!(await hasRecords(engine))) return
  await engine.transaction(async (db) => {
    await db.run(sql`delete from spinor_copies where ${amongst(tables)}`)
    const [left] = await db.run(sql`select TableName from spinor_copies limit 1`)
    if (left === undefined) await db.run(sql`drop table spinor_copies`)
  })
}

const amongst = (tables: readonly TableLayout[]): SQL =>
  sql`TableName in (${sql.join(
    tables.map(({ name }) => sql`${name}`),
    sql`, `,
  )})`
