import type { SqlConnections } from "@spinor/db/sql/connections"
import { DATABASES } from "@spinor/db/sql/declared"
import { migrate, type MigrationResult } from "@spinor/db/sql/migrations/migrate"
import type { DatabaseUrls } from "@spinor/db/sql/urls-from-settings"
import { connect, mustExist, openEngine, told } from "./db-connection.ts"
import { jsonText, type JsonOption } from "./json.ts"
import type { Terminal } from "./terminal.ts"
import { aligned } from "./columns.ts"

export interface DatabasesOption extends JsonOption {
  readonly database?: readonly string[]
}

export async function migrateDatabases(
  { database: names = DATABASES, json = false }: DatabasesOption,
  terminal: Terminal,
): Promise<void> {
  mustExist(names)
  const { urlOf, connections } = connect(terminal, names)
  const all: Row[] = []
  try {
    for (const group of connections.byEngine(names)) {
      const results = await migrateTogether(group, connections, urlOf, terminal)
      const rows = group.flatMap((name) => rowsOf(name, urlOf(name).place, results))
      all.push(...rows)
      if (!json) terminal.stdout.write(report(rows))
    }
    if (json) terminal.stdout.write(jsonText(all))
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

/** What was done to a database. */
interface Row {
  readonly database: string
  readonly place: string
  readonly migration: string | null
  readonly outcome: MigrationResult["outcome"] | "up to date"
  readonly differences: readonly string[]
}

function rowsOf(database: string, place: string, results: readonly MigrationResult[]): Row[] {
  const done = results.filter((result) => result.database === database)
  return done.length === 0
    ? [{ database, place, migration: null, outcome: "up to date", differences: [] }]
    : done.map(({ name, ...result }) => ({ ...result, database, place, migration: name }))
}

/** Of databases in one place. */
function report(rows: readonly Row[]): string {
  const lines = aligned(
    rows.map(({ database, migration, outcome }) => [database, migration ?? "", outcome]),
  )
  const told = rows.flatMap(({ differences }, i) => [
    `  ${lines[i]}`,
    ...differences.map((difference) => `    ${difference}`),
  ])
  return `${[rows[0]?.place, ...told].join("\n")}\n`
}
