import names from "../../../migrations/names.json" with { type: "json" }
import type { DialectName } from "../url.ts"
import type { MigrationRecord } from "./record.ts"

/** Kept by `npm run migrations`: a function carries the names, and not the files. */
const known: Record<DialectName, Record<string, string[]>> = names

/** The names of a database's migrations in their order. */
export const knownMigrations = (dialect: DialectName, database: string): readonly string[] =>
  known[dialect][database] ?? []

/** Whether a server takes a migration: `0000_tables.mariadb` is for MariaDB alone. */
export function isFor(server: string, migration: string): boolean {
  const only = migration.split(".")[1]
  return only === undefined || only === server
}

/** What a newer Spinor has recorded in these databases: each as "JobDB 0007_title". */
export const unknownMigrations = (
  record: MigrationRecord,
  dialect: DialectName,
  databases: readonly string[],
): string[] =>
  databases.flatMap((database) => {
    const ours = new Set(knownMigrations(dialect, database))
    return [...(record.get(database)?.keys() ?? [])]
      .filter((name) => !ours.has(name))
      .map((name) => `${database} ${name}`)
  })
