import { sql } from "drizzle-orm"
import type { Instant } from "@spinor/core/instant"
import type { Queries } from "../queries.ts"
import { preparations } from "../declared.ts"
import type { Dialect } from "../dialects/dialect.ts"
import type { Engine } from "../engine.ts"
import { exclusively } from "../lease.ts"
import { compareTables, type Findings } from "./adoption.ts"
import { declaredShapes } from "./declared-shapes.ts"
import { MigrationError, newerSchema } from "./error.ts"
import { readMigrations, type Migration } from "./files.ts"
import { foundShapes } from "./found-shapes.ts"
import { unknownMigrations } from "./known.ts"
import { insertRecords, readRecord, updateRecord, type Recorded } from "./record.ts"
import { makeRecord } from "./record-table.ts"
import { serverOf } from "./server.ts"

/** The first migration of a database makes the tables that DIRAC and DiracX make. */
const BASELINE = "0000"

/** What became of a migration: made now, or found to be made by DIRAC or DiracX. */
export interface MigrationResult {
  readonly database: string
  readonly name: string
  readonly outcome: "applied" | "adopted"
  /** How adopted tables differ from those that would have been made, in words for people. */
  readonly differences: readonly string[]
}

/** What the migrations of one database have at hand. */
interface Migrating {
  readonly db: Queries
  readonly dialect: Dialect
  readonly now: () => Instant
}

/**
 * Brings the tables of logical databases up to date, one starter at a time. Where DIRAC or DiracX
 * have made the tables already, they are kept and only recorded.
 * @throws MigrationError when tables cannot be adopted, or a newer Spinor has changed them
 */
export async function migrate(
  engine: Engine,
  databases: readonly string[],
  now: () => Instant,
): Promise<MigrationResult[]> {
  const { dialect } = engine
  // On MySQL every change of a table is a commit: what is done is recorded step by step.
  const unit = <Result>(work: (db: Queries) => Promise<Result>) =>
    dialect.name === "mysql" ? engine.read(work) : engine.transaction(work)
  return await exclusively(engine, "spinor_migrations", async () => {
    await unit(async (db) => {
      await makeRecord(db, dialect.name)
      const unknown = unknownMigrations(await readRecord(db, dialect), dialect.name, databases)
      if (unknown.length > 0) throw newerSchema(unknown)
    })
    const results: MigrationResult[] = []
    for (const database of databases) {
      results.push(...(await unit((db) => bringUpToDate(database, { db, dialect, now }))))
    }
    return results
  })
}

async function bringUpToDate(database: string, migrating: Migrating): Promise<MigrationResult[]> {
  const { db, dialect, now } = migrating
  const recorded = (await readRecord(db, dialect)).get(database) ?? new Map<string, Recorded>()
  const migrations = await readMigrations(dialect.name, database, await serverOf(db, dialect))
  const pending = migrations.filter(({ name }) => {
    const outcome = recorded.get(name)?.outcome
    return outcome === undefined || outcome === "begun"
  })
  const baseline = migrations.filter(({ name }) => name.startsWith(BASELINE))
  const findings = recorded.size === 0 ? await examine(database, migrating) : undefined
  if (findings !== undefined) await insertRecords(db, baseline, "adopted", now())
  const toApply =
    findings === undefined ? pending : pending.filter((one) => !baseline.includes(one))
  for (const migration of toApply) {
    const isLastOfBaseline = migration === baseline.at(-1)
    const prepare = isLastOfBaseline ? preparations[database] : undefined
    const steps = [
      ...migration.statements.map((statement) => () => db.run(sql.raw(statement))),
      ...(prepare === undefined ? [] : [() => prepare(db, dialect, now())]),
    ]
    await apply(migration, steps, recorded.get(migration.name), migrating)
  }
  return pending.map((migration) => {
    const { name } = migration
    return toApply.includes(migration)
      ? { database, name, outcome: "applied", differences: [] }
      : { database, name, outcome: "adopted", differences: findings?.differences ?? [] }
  })
}

/**
 * Looks at tables that Spinor has not made; undefined when there are none.
 * @throws MigrationError that names all that is in the way of adopting them
 */
async function examine(
  database: string,
  { db, dialect }: Migrating,
): Promise<Findings | undefined> {
  const declared = declaredShapes(database, dialect)
  const findings = compareTables(declared, await foundShapes(db, dialect.name), dialect.name)
  if (findings !== undefined && findings.obstacles.length > 0) {
    throw new MigrationError(
      `${database} has tables that cannot be adopted: ${findings.obstacles.join("; ")}`,
    )
  }
  return findings
}

/** Goes on where an earlier start was interrupted. */
async function apply(
  migration: Migration,
  steps: readonly (() => Promise<unknown>)[],
  interrupted: Recorded | undefined,
  { db, dialect, now }: Migrating,
): Promise<void> {
  if (interrupted === undefined) await insertRecords(db, [migration], "begun", now())
  const done = interrupted?.steps ?? 0
  for (const [i, step] of steps.entries()) {
    if (i < done) continue
    try {
      await step()
    } catch (error) {
      // Done by the start that was interrupted, which did not come to record it.
      const wasDone = interrupted !== undefined && i === done && dialect.fault(error) === "present"
      if (!wasDone) throw error
    }
    const outcome = i === steps.length - 1 ? "applied" : "begun"
    await updateRecord(db, migration, { outcome, at: now(), steps: i + 1 })
  }
}
