import { DATABASES } from "@spinor/db/sql/declared"
import { newerSchema } from "@spinor/db/sql/migrations/error"
import { migrationStatus, type MigrationStatus } from "@spinor/db/sql/migrations/status"
import type { DatabasesOption } from "./db-actions.ts"
import { connect, mustExist, openEngine, told } from "./db-connection.ts"
import { jsonText } from "./json.ts"
import { OperatorError, type Terminal } from "./terminal.ts"
import { aligned } from "./columns.ts"

/** Where a migration of a database stands. */
interface Row {
  readonly database: string
  readonly place: string
  readonly migration: string
  readonly state: MigrationStatus["state"]
  readonly at: string | null
}

/**
 * Prints where the migrations stand, and changes nothing.
 * @throws OperatorError unless every database is up to date
 */
export async function printStatus(
  { database: names = DATABASES, json = false }: DatabasesOption,
  terminal: Terminal,
): Promise<void> {
  mustExist(names)
  const { urlOf, connections } = connect(terminal, names)
  const rows: Row[] = []
  try {
    for (const group of connections.byEngine(names)) {
      const [first = ""] = group
      const { place } = urlOf(first)
      const engine = await openEngine(connections, first, place)
      const found = await told(place, () => migrationStatus(engine, group))
      rows.push(
        ...found.map(({ database, name, state, at = null }) => {
          return { database, place, migration: name, state, at }
        }),
      )
    }
  } finally {
    await connections.close()
  }
  terminal.stdout.write(json ? jsonText(rows) : table(rows))
  mustBeUpToDate(rows)
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ database, place, migration, state, at }) => [
    database,
    place,
    migration,
    state,
    at?.slice(0, 19) ?? "",
  ])
  const titles = ["database", "place", "migration", "state", "since"]
  return `${aligned([titles, ...lines]).join("\n")}\n`
}

function mustBeUpToDate(rows: readonly Row[]): void {
  const unknown = rows.filter(({ state }) => state === "unknown")
  if (unknown.length > 0) {
    const names = unknown.map(({ database, migration }) => `${database} ${migration}`)
    throw new OperatorError(newerSchema(names).message)
  }
  const behind = rows.filter(({ state }) => state === "pending" || state === "begun")
  if (behind.length > 0) {
    const names = [...new Set(behind.map(({ database }) => database))]
    throw new OperatorError(`not up to date: ${names.join(", ")}; run spinor db migrate`)
  }
}
