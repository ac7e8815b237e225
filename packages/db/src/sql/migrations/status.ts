import type { Engine } from "../engine.ts"
import { isFor, knownMigrations, unknownMigrations } from "./known.ts"
import { newerSchema } from "./error.ts"
import { readRecord, type Outcome } from "./record.ts"
import { serverOf } from "./server.ts"

/** Where a migration stands; an unknown one was made by a newer Spinor. */
export interface MigrationStatus {
  readonly database: string
  readonly name: string
  readonly state: Outcome | "pending" | "unknown"
  /** When it came there; undefined for one that is pending. */
  readonly at: string | undefined
}

/** Tells where the migrations of databases on one engine stand, and changes nothing. */
export async function migrationStatus(
  engine: Engine,
  databases: readonly string[],
): Promise<MigrationStatus[]> {
  const { dialect } = engine
  return await engine.read(async (db) => {
    const record = await readRecord(db, dialect)
    const server = await serverOf(db, dialect)
    return databases.flatMap((database) => {
      const recorded = record.get(database)
      const known = knownMigrations(dialect.name, database)
      const unknown = [...(recorded?.keys() ?? [])].filter((name) => !known.includes(name))
      return [...known.filter((name) => isFor(server, name)), ...unknown].map((name) => {
        const found = recorded?.get(name)
        const state = unknown.includes(name) ? "unknown" : (found?.outcome ?? "pending")
        return { database, name, state, at: found?.at }
      })
    })
  })
}

/** @throws MigrationError when a newer Spinor has changed the tables of databases on one engine */
export async function refuseNewer(engine: Engine, databases: readonly string[]): Promise<void> {
  const record = await engine.read((db) => readRecord(db, engine.dialect))
  const unknown = unknownMigrations(record, engine.dialect.name, databases)
  if (unknown.length > 0) throw newerSchema(unknown)
}
