/**
 * Writes what the declared tables have more than the migrations: `npm run migrations -- NAME`.
 * With --check it writes nothing, and fails if there is something to write.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as kit from "drizzle-kit/api"
import { declaredTables } from "../src/sql/declared.ts"
import type { Columns } from "../src/sql/dialects/mysql-columns.ts"
import { mysqlColumns } from "../src/sql/dialects/mysql-columns.ts"
import { postgresqlDialect } from "../src/sql/dialects/postgresql.ts"
import { sqliteDialect } from "../src/sql/dialects/sqlite.ts"

type Tables = Record<string, unknown>

interface Generator {
  columns: Columns
  snapshot: (tables: Tables) => Promise<unknown>
  statements: (before: never, after: never) => Promise<string[]>
}

const generators: Record<string, Generator> = {
  mysql: {
    columns: mysqlColumns,
    snapshot: (tables) => kit.generateMySQLDrizzleJson(tables),
    statements: (before, after) => kit.generateMySQLMigration(before, after),
  },
  postgresql: {
    columns: postgresqlDialect.columns,
    snapshot: async (tables) => kit.generateDrizzleJson(tables),
    statements: (before, after) => kit.generateMigration(before, after),
  },
  sqlite: {
    columns: sqliteDialect.columns,
    snapshot: (tables) => kit.generateSQLiteDrizzleJson(tables),
    statements: (before, after) => kit.generateSQLiteMigration(before, after),
  },
}

const folder = join(import.meta.dirname, "../migrations")
const check = process.argv.includes("--check")
const title = process.argv.slice(2).find((argument) => !argument.startsWith("-")) ?? "tables"
let missing = 0

for (const [dialect, { columns, snapshot, statements }] of Object.entries(generators)) {
  for (const [database, declare] of Object.entries(declaredTables)) {
    const place = join(folder, dialect, database)
    mkdirSync(place, { recursive: true })
    const latest = join(place, "snapshot.json")
    const before = readJson(latest) ?? (await snapshot({}))
    const after = await snapshot(declare(columns))
    const written = await statements(before as never, after as never)
    if (written.length === 0) continue
    missing++
    if (check) {
      console.error(`${dialect} ${database}: the migrations lack\n  ${written.join("\n  ")}`)
      continue
    }
    const count = readdirSync(place).filter((file) => /^\d{4}_[^.]*\.sql$/.test(file)).length
    const file = join(place, `${String(count).padStart(4, "0")}_${title}.sql`)
    writeFileSync(file, `${written.join("\n--> statement-breakpoint\n")}\n`)
    writeFileSync(latest, `${JSON.stringify(after, undefined, 2)}\n`)
    console.log(`wrote ${dialect}/${database}: ${written.length} statements`)
  }
}

const names = JSON.stringify(namesOfMigrations())
const index = join(folder, "names.json")
if (JSON.stringify(readJson(index)) !== names) {
  missing++
  if (check) console.error("names.json does not name the migrations that are there")
  else writeFileSync(index, `${names}\n`)
}

if (check && missing > 0) {
  console.error("Run `npm run migrations -- NAME` and commit what it writes.")
  process.exitCode = 1
}

/** A step for one server, such as `0000_tables.mariadb`, comes after that for all. */
function namesOfMigrations(): Record<string, Record<string, string[]>> {
  const of = (dialect: string, database: string) =>
    readdirSync(join(folder, dialect, database))
      .filter((file) => file.endsWith(".sql"))
      .map((file) => file.slice(0, -".sql".length))
      .toSorted()
  const databases = Object.keys(declaredTables)
  return Object.fromEntries(
    Object.keys(generators).map((dialect) => [
      dialect,
      Object.fromEntries(databases.map((database) => [database, of(dialect, database)])),
    ]),
  )
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"))
  } catch {
    return undefined
  }
}
