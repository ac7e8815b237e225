import { sql, type SQL, type SQLChunk } from "drizzle-orm"
import { countRows, existingTables } from "./copy/examine.ts"
import { endRecords } from "./copy/records.ts"
import type { Queries } from "./queries.ts"
import type { Engine } from "./engine.ts"
import { layoutOf } from "./layout.ts"
import { exclusively } from "./lease.ts"
import { readMigrations } from "./migrations/files.ts"
import { serverOf } from "./migrations/server.ts"
import type { DialectName } from "./url.ts"

/** Whether the tables stay, without their rows, or go, with the records of their migrations. */
export type ResetMode = "truncate" | "drop"

/** What a table holds; null where there is no such table. */
export interface TableRows {
  readonly database: string
  readonly table: string
  readonly rows: number | null
}

/** Counts the rows of every table of logical databases. */
export async function rowsOfTables(
  engine: Engine,
  databases: readonly string[],
): Promise<TableRows[]> {
  const existing = await existingTables(engine)
  const counted: TableRows[] = []
  for (const table of layoutOf(databases)) {
    const rows = existing.has(table.name) ? await countRows(engine, table) : null
    counted.push({ database: table.database, table: table.name, rows })
  }
  return counted
}

/**
 * Empties or drops the tables of logical databases, and no others. Ids begin again.
 * What is dropped is made again by the next migration.
 */
export async function resetDatabases(
  engine: Engine,
  databases: readonly string[],
  mode: ResetMode,
): Promise<void> {
  const declared = layoutOf(databases)
  // A starter must not find half of the tables.
  await exclusively(engine, "spinor_migrations", async () => {
    const existing = await existingTables(engine)
    const names = declared.map(({ name }) => name).filter((name) => existing.has(name))
    // What belongs to the rows of others goes first.
    names.reverse()
    await engine.transaction(async (db) => {
      if (mode === "drop") await drop(engine, db, { databases, names, existing })
      else if (names.length > 0) await TRUNCATE[engine.dialect.name](db, names, existing)
    })
    await endRecords(engine, declared)
  })
}

interface Dropped {
  readonly databases: readonly string[]
  readonly names: readonly string[]
  readonly existing: ReadonlySet<string>
}

async function drop(engine: Engine, db: Queries, { databases, names, existing }: Dropped) {
  const server = await serverOf(db, engine.dialect)
  for (const database of databases) {
    // Before the tables: where these do not come back when the transaction fails, the records do not either.
    if (existing.has("spinor_migrations")) {
      await db.run(sql`delete from spinor_migrations where DatabaseName = ${database}`)
    }
    for (const { functions } of await readMigrations(engine.dialect.name, database, server)) {
      for (const name of functions) await db.run(sql`drop function if exists ${sql.raw(name)}`)
    }
  }
  for (const name of names) await db.run(sql`drop table ${sql.identifier(name)}`)
}

type Truncate = (
  db: Queries,
  names: readonly string[],
  existing: ReadonlySet<string>,
) => Promise<unknown>

const TRUNCATE: Record<DialectName, Truncate> = {
  async mysql(db, names) {
    // A table that others refer to is not truncated otherwise, not even when they are empty.
    await db.run(sql`set session foreign_key_checks = 0`)
    try {
      for (const name of names) await db.run(sql`truncate table ${sql.identifier(name)}`)
    } finally {
      await db.run(sql`set session foreign_key_checks = 1`)
    }
  },
  postgresql: (db, names) =>
    db.run(
      sql`truncate table ${listed(names.map((name) => sql.identifier(name)))} restart identity`,
    ),
  async sqlite(db, names, existing) {
    for (const name of names) await db.run(sql`delete from ${sql.identifier(name)}`)
    if (!existing.has("sqlite_sequence")) return
    await db.run(
      sql`delete from sqlite_sequence where name in (${listed(names.map((name) => sql`${name}`))})`,
    )
  },
}

const listed = (parts: readonly SQLChunk[]): SQL => sql.join([...parts], sql`, `)
