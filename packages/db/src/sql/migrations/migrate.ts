import { sql } from "drizzle-orm"
import type { Instant } from "@spinor/core/instant"
import type { Queries } from "../database.ts"
import { preparations } from "../declared.ts"
import type { Dialect } from "../dialects/dialect.ts"
import type { Engine } from "../engine.ts"
import { exclusively } from "../lease.ts"
import { readMigrations, type Migration } from "./files.ts"

/** The first migration of a database makes the tables that DIRAC and DiracX make. */
const BASELINE = "0000"

/** What became of a migration: made now, or found to be made by DIRAC or DiracX. */
export interface MigrationResult {
  readonly database: string
  readonly name: string
  readonly outcome: "applied" | "adopted"
}

/** A database that holds a part of the tables only, of which nobody can say what is right. */
export class MigrationError extends Error {
  override readonly name = "MigrationError"
}

/**
 * Brings the tables of logical databases up to date, one starter at a time. Where DIRAC or DiracX
 * have made the tables already, they are kept and only recorded.
 * @throws MigrationError when a database holds some of its tables, and not all
 */
export async function migrate(
  engine: Engine,
  databases: readonly string[],
  now: () => Instant,
): Promise<MigrationResult[]> {
  return await exclusively(engine, "spinor_migrations", async () => {
    const results: MigrationResult[] = []
    for (const database of databases) {
      const migrations = await readMigrations(engine.dialect.name, database)
      const run = await engine.transaction((db) =>
        bringUpToDate(db, engine.dialect, migrations, now),
      )
      if (run.some(isNew)) {
        await engine.transaction(async (db) => {
          await preparations[database]?.(db, engine.dialect, now())
        })
      }
      results.push(...run)
    }
    return results
  })
}

/** Whether the tables were just made. */
const isNew = ({ name, outcome }: MigrationResult): boolean =>
  name.startsWith(BASELINE) && outcome === "applied"

async function bringUpToDate(
  db: Queries,
  dialect: Dialect,
  migrations: readonly Migration[],
  now: () => Instant,
): Promise<MigrationResult[]> {
  const results: MigrationResult[] = []
  const recorded = await recordedMigrations(db)
  const server = await serverOf(db, dialect)
  const missing = migrations.filter(
    ({ database, name, only }) =>
      !recorded.has(`${database}/${name}`) && (only === undefined || only === server),
  )
  const baseline = missing.filter(({ name }) => name.startsWith(BASELINE))
  const adopted = await existsAlready(db, dialect, baseline)
  for (const { database, name, statements } of missing) {
    const outcome = adopted && name.startsWith(BASELINE) ? "adopted" : "applied"
    if (outcome === "applied") {
      for (const statement of statements) await db.run(sql.raw(statement))
    }
    await db.run(
      sql`insert into spinor_migrations (DatabaseName, Name, AppliedAt) values (${database}, ${name}, ${now()})`,
    )
    results.push({ database, name, outcome })
  }
  return results
}

/** The names are not quoted, so that every dialect folds their case in its own way, and always the same. */
async function recordedMigrations(db: Queries): Promise<Set<string>> {
  await db.run(
    sql`create table if not exists spinor_migrations (
      DatabaseName varchar(64) not null, Name varchar(128) not null, AppliedAt varchar(32) not null,
      primary key (DatabaseName, Name))`,
  )
  const rows = await db.run(
    sql`select DatabaseName as of_database, Name as migration from spinor_migrations`,
  )
  return new Set(rows.map((row) => `${String(row["of_database"])}/${String(row["migration"])}`))
}

async function serverOf(db: Queries, dialect: Dialect): Promise<string> {
  if (dialect.name !== "mysql") return dialect.name
  const [row] = await db.run(sql`select version() as version`)
  return String(row?.["version"]).toLowerCase().includes("mariadb") ? "mariadb" : "mysql"
}

async function existsAlready(
  db: Queries,
  dialect: Dialect,
  baseline: readonly Migration[],
): Promise<boolean> {
  const wanted = baseline.flatMap((migration) => migration.tables)
  const rows = await db.run(dialect.selectTableNames)
  const existing = new Set(rows.map((row) => String(row["name"])))
  const absent = wanted.filter((table) => !existing.has(table))
  if (absent.length === wanted.length) return false
  if (absent.length === 0) return true
  throw new MigrationError(
    `${baseline[0]?.database} holds some of its tables, but lacks ${absent.join(", ")}: complete or empty it first.`,
  )
}
