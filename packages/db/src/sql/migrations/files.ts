import { readFile } from "node:fs/promises"
import { join } from "node:path"
import type { DialectName } from "../url.ts"
import { isFor, knownMigrations } from "./known.ts"

/** A step of a database's history, as `migrations/<dialect>/<Database>/<number>_<title>.sql` holds it. */
export interface Migration {
  readonly database: string
  readonly name: string
  readonly statements: readonly string[]
  /** The functions that it creates. */
  readonly functions: readonly string[]
}

const FOLDER = join(import.meta.dirname, "../../../migrations")

/** Reads the steps of one database that a server takes, in their order; one for one server comes after that for all. */
export async function readMigrations(
  dialect: DialectName,
  database: string,
  server: string,
): Promise<Migration[]> {
  const names = knownMigrations(dialect, database).filter((name) => isFor(server, name))
  return await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(FOLDER, dialect, database, `${name}.sql`), "utf8")
      const statements = text.split("--> statement-breakpoint").map((each) => each.trim())
      const functions = [...text.matchAll(/^CREATE FUNCTION (\w+)/gm)].flatMap(
        ([, made]) => made ?? [],
      )
      return { database, name, statements, functions }
    }),
  )
}
