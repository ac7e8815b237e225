import type { SqlConnections } from "@spinor/db/sql/connections"
import { DATABASES } from "@spinor/db/sql/declared"
import { migrate, type MigrationResult } from "@spinor/db/sql/migrations/migrate"
import type { DatabaseUrl } from "@spinor/db/sql/url"
import type { DatabaseUrls } from "@spinor/db/sql/urls-from-settings"
import { connect, openEngine, told } from "./db-connection.ts"
import { OperatorError, type Terminal } from "./terminal.ts"

export interface MigrateOptions {
  readonly database?: readonly string[]
}

export async function migrateDatabases(
  { database: names = DATABASES }: MigrateOptions,
  terminal: Terminal,
): Promise<void> {
  const unknown = names.filter((name) => !DATABASES.includes(name))
  if (unknown.length > 0) {
    throw new OperatorError(`no database ${unknown.join(", ")}; there is: ${DATABASES.join(", ")}`)
  }
  const { urlOf, connections } = connect(terminal, names)
  try {
    for (const group of connections.byEngine(names)) {
      const results = await migrateTogether(group, connections, urlOf, terminal)
      terminal.stdout.write(report(group, results, urlOf))
    }
  } finally {
    await connections.close()
  }
}

/** Migrates databases that lie in one place. */
async function migrateTogether(
  names: readonly string[],
  connections: SqlConnections,
  urlOf: DatabaseUrls["urlOf"],
  { clock }: Terminal,
): Promise<MigrationResult[]> {
  const [first = ""] = names
  const place = `${urlOf(first).place} (${names.join(", ")})`
  const engine = await openEngine(connections, first, place)
  return await told(place, () => migrate(engine, names, clock))
}

function report(
  names: readonly string[],
  results: readonly MigrationResult[],
  urlOf: (name: string) => DatabaseUrl,
): string {
  const rows = names.flatMap((name) => {
    const done = results.filter(({ database }) => database === name)
    return done.length === 0
      ? [[name, "", "up to date"]]
      : done.map((result) => [name, result.name, result.outcome])
  })
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0))
  const [first, second] = [width(0), width(1)]
  const lines = rows.map(([name = "", migration = "", outcome = ""]) =>
    ["", name.padEnd(first), ...(second > 0 ? [migration.padEnd(second)] : []), outcome].join("  "),
  )
  return `${[urlOf(names[0] ?? "").place, ...lines].join("\n")}\n`
}
