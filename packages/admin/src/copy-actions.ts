import { existsSync } from "node:fs"
import { copyDatabases } from "@spinor/db/sql/copy/copy"
import type { FractionCount } from "@spinor/db/sql/copy/examine"
import type { CopiedTable } from "@spinor/db/sql/copy/verify"
import type { SqlConnections } from "@spinor/db/sql/connections"
import { DATABASES } from "@spinor/db/sql/declared"
import type { DatabaseUrl } from "@spinor/db/sql/url"
import { connectTo, mustExist, openEngine, told } from "./db-connection.ts"
import { jsonText, type JsonOption } from "./json.ts"
import { progressOn } from "./progress.ts"
import { OperatorError, type Terminal } from "./terminal.ts"
import { aligned } from "./columns.ts"

export interface CopyCommandOptions extends JsonOption {
  readonly from: string
  readonly to: string
  readonly database?: readonly string[]
  readonly cutFractions?: boolean
  readonly intoExisting?: boolean
}

export async function copy(options: CopyCommandOptions, terminal: Terminal): Promise<void> {
  const databases = options.database ?? DATABASES
  mustExist(databases)
  const from = connectTo(terminal, "--from", options.from)
  const to = connectTo(terminal, "--to", options.to)
  if (from.url.identity === to.url.identity) throw new OperatorError("--from and --to are the same")
  refuseNoFile(from.url)
  const bars = {
    copying: progressOn(terminal.stderr, "Copying", inRows),
    verifying: progressOn(terminal.stderr, "Verifying", inRows),
  }
  const warn = (lines: readonly string[]) => {
    for (const line of lines) terminal.stderr.write(`warning: ${line}\n`)
  }
  let leftBehind: readonly string[] = []
  let fractions: readonly FractionCount[] = []
  try {
    const [source, target] = [await opened(from), await opened(to)]
    const copied = await told(`${source.place} to ${target.place}`, () =>
      copyDatabases(source, target, {
        databases,
        cutFractions: options.cutFractions ?? false,
        intoExisting: options.intoExisting ?? false,
        now: terminal.clock,
        signal: terminal.interrupted,
        onLeftBehind(columns) {
          leftBehind = columns
          warn(columns.map((column) => `${column} is no column of Spinor's and stays behind`))
        },
        onFractions(counts) {
          fractions = counts
          warn(counts.map(fractionsIn))
        },
        onProgress: (step, rows, total) => bars[step].step(rows, total),
      }),
    )
    const tables = withCuts(copied, fractions)
    const answer = { from: source.place, to: target.place, leftBehind, tables }
    terminal.stdout.write(options.json ? jsonText(answer) : report(answer))
  } finally {
    for (const bar of Object.values(bars)) bar.end()
    await from.connections.close()
    await to.connections.close()
  }
}

const inRows = (rows: number): string => `${rows} rows`

/** SQLite would make it. */
function refuseNoFile({ dialect, driver, database }: DatabaseUrl): void {
  if (dialect !== "sqlite" || driver !== "sqlite-file" || existsSync(database)) return
  throw new OperatorError(`--from: there is no file ${database}`)
}

async function opened({ url, connections }: { url: DatabaseUrl; connections: SqlConnections }) {
  return { place: url.place, engine: await openEngine(connections, "JobDB", url.place) }
}

const fractionsIn = ({ table, values }: FractionCount): string =>
  `${table}: ${values} times have fractions of a second, which the target cannot hold`

interface Answer {
  readonly from: string
  readonly to: string
  readonly leftBehind: readonly string[]
  readonly tables: readonly (CopiedTable & { cutFractions: number })[]
}

const withCuts = (
  copied: readonly CopiedTable[],
  fractions: readonly FractionCount[],
): Answer["tables"] =>
  copied.map((table) => ({
    ...table,
    cutFractions: fractions.find((count) => count.table === table.table)?.values ?? 0,
  }))

function report({ from, to, tables }: Answer): string {
  const rows = tables.map(({ database, table, rows, sum }) => [database, table, String(rows), sum])
  const lines = aligned(rows, { toTheRight: [2] }).map((line) => `  ${line}`)
  return `${[`${from} to ${to}, verified`, ...lines].join("\n")}\n`
}
