import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import type { DialectName } from "../url.ts"

/** A step of a database's history, as `migrations/<dialect>/<Database>/<number>_<title>.sql` holds it. */
export interface Migration {
  readonly database: string
  readonly name: string
  readonly statements: readonly string[]
  /** The tables that it creates. */
  readonly tables: readonly string[]
  /** The only server on which it runs: "mariadb" for `<name>.mariadb.sql`. */
  readonly only: string | undefined
}

const FOLDER = join(import.meta.dirname, "../../../migrations")

/** Reads the steps of one database in their order; a step for one server comes after that for all. */
export async function readMigrations(dialect: DialectName, database: string): Promise<Migration[]> {
  const folder = join(FOLDER, dialect, database)
  const files = (await readdir(folder)).filter((file) => file.endsWith(".sql"))
  const names = files.map((file) => file.slice(0, -".sql".length)).sort()
  return await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, `${name}.sql`), "utf8")
      const statements = text.split("--> statement-breakpoint").map((each) => each.trim())
      const tables = [...text.matchAll(/^CREATE TABLE [`"](\w+)[`"]/gm)].flatMap(
        ([, table]) => table ?? [],
      )
      return { database, name, statements, tables, only: name.split(".")[1] }
    }),
  )
}
