import { DATABASES } from "@spinor/db/sql/declared"
import { resetDatabases, rowsOfTables, type ResetMode, type TableRows } from "@spinor/db/sql/reset"
import { connect, mustExist, openEngine, told } from "./db-connection.ts"
import { jsonText, type JsonOption } from "./json.ts"
import { OperatorError, type Terminal } from "./terminal.ts"
import { aligned } from "./columns.ts"

export interface ResetOptions extends JsonOption {
  readonly database?: readonly string[]
  readonly mode: ResetMode
  readonly yes?: boolean
}

/** Tells what there is; empties or drops it when it is told to by name. */
export async function reset(
  { database, mode, yes = false, json = false }: ResetOptions,
  terminal: Terminal,
): Promise<void> {
  const names = database ?? DATABASES
  mustExist(names)
  if (yes && database === undefined) {
    throw new OperatorError("--yes is for the databases that --database names: name them")
  }
  const { urlOf, connections } = connect(terminal, names)
  const all: Row[] = []
  try {
    for (const group of connections.byEngine(names)) {
      const [first = ""] = group
      const { place } = urlOf(first)
      const where = `${place} (${group.join(", ")})`
      const engine = await openEngine(connections, first, where)
      const counted = await told(where, () => rowsOfTables(engine, group))
      const rows = counted.map((table) => ({ place, ...table }))
      all.push(...rows)
      if (!json) terminal.stdout.write(report(rows))
      if (yes) await told(where, () => resetDatabases(engine, group, mode))
    }
    const done = yes ? mode : null
    terminal.stdout.write(json ? jsonText({ done, tables: all }) : `${SAID[done ?? "nothing"]}\n`)
  } finally {
    await connections.close()
  }
}

const SAID: Readonly<Record<ResetMode | "nothing", string>> = {
  truncate: "The tables are empty now.",
  drop: 'The tables are gone; "db migrate" makes them anew.',
  nothing: "Nothing was changed: --yes does it, to the databases that --database names.",
}

interface Row extends TableRows {
  readonly place: string
}

/** Of databases in one place. */
function report(tables: readonly Row[]): string {
  const said = ({ rows }: Row) => (rows === null ? "absent" : `${rows} rows`)
  const rows = tables.map((row) => [row.database, row.table, said(row)])
  const lines = aligned(rows, { toTheRight: [2] }).map((line) => `  ${line}`)
  return `${[tables[0]?.place, ...lines].join("\n")}\n`
}
