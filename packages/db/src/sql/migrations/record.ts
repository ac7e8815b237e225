import { sql } from "drizzle-orm"
import type { Instant } from "@spinor/core/instant"
import type { Queries } from "../queries.ts"
import type { Dialect } from "../dialects/dialect.ts"

interface Named {
  readonly database: string
  readonly name: string
}

/** A migration that was begun and not applied was interrupted; an adopted one was found to be done. */
export type Outcome = "begun" | "applied" | "adopted"

/** What is recorded of a migration. */
export interface Recorded {
  readonly outcome: Outcome
  readonly at: string
  /** How many of its steps are known to be done. */
  readonly steps: number
}

/** By the name of the logical database, then by that of the migration. */
export type MigrationRecord = ReadonlyMap<string, ReadonlyMap<string, Recorded>>

export async function readRecord(db: Queries, dialect: Dialect): Promise<MigrationRecord> {
  const tables = await db.run(dialect.selectTableNames)
  if (!tables.some(({ name }) => name === "spinor_migrations")) return new Map()
  const rows = await db.run(sql`select * from spinor_migrations order by DatabaseName, Name`)
  const byDatabase = Map.groupBy(rows.map(withLowerKeys), (row) => String(row["databasename"]))
  return new Map(
    [...byDatabase].map(([database, migrations]) => [
      database,
      new Map(migrations.map((row) => [String(row["name"]), recordedOf(row)])),
    ]),
  )
}

const withLowerKeys = (row: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).map(([key, value]) => [key.toLowerCase(), value]))

const OUTCOMES: Record<string, Outcome> = { begun: "begun", adopted: "adopted" }

const recordedOf = (row: Record<string, unknown>): Recorded => ({
  outcome: OUTCOMES[String(row["outcome"])] ?? "applied",
  at: String(row["appliedat"]),
  steps: Number(row["steps"] ?? 0),
})

/** Records migrations of one database together, as begun or as adopted. */
export async function insertRecords(
  db: Queries,
  migrations: readonly Named[],
  outcome: Outcome,
  now: Instant,
): Promise<void> {
  const rows = migrations.map(
    ({ database, name }) => sql`(${database}, ${name}, ${now}, ${outcome})`,
  )
  await db.run(
    sql`insert into spinor_migrations (DatabaseName, Name, AppliedAt, Outcome) values ${sql.join(rows, sql`, `)}`,
  )
}

/** Records how far a migration has come. */
export async function updateRecord(
  db: Queries,
  { database, name }: Named,
  { outcome, at, steps }: Recorded,
): Promise<void> {
  await db.run(
    sql`update spinor_migrations set Outcome = ${outcome}, AppliedAt = ${at}, Steps = ${steps}
      where DatabaseName = ${database} and Name = ${name}`,
  )
}
