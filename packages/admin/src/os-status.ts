import type { Instant } from "@spinor/core/instant"
import type { TemplateState } from "@spinor/db/os/upkeep"
import { aligned } from "./columns.ts"
import { told } from "./db-connection.ts"
import { jsonText } from "./json.ts"
import { connectStores, type DocumentsOption, type Store } from "./os-connection.ts"
import { attempt, failuresOf, type Row } from "./os-failures.ts"
import { OperatorError, type Terminal } from "./terminal.ts"

interface Status extends Row {
  /** Null where there is none, or it is not known. */
  readonly template: TemplateState | null
  /** What is older is for "os prune" to remove; 0 where it is kept for ever. */
  readonly keptDays: number
  readonly indices: readonly { name: string; documents: number; bytes: number | null }[]
}

/** What waits for one database of documents. */
interface Waiting {
  readonly database: string
  readonly waiting: number
  readonly refused: number
  readonly since: Instant | null
}

/**
 * Prints what the databases of documents hold and what waits for them, and changes nothing.
 * @throws OperatorError where a template is not ours, or OpenSearch is away
 */
export async function printStatus(
  { json = false, ...option }: DocumentsOption,
  terminal: Terminal,
): Promise<void> {
  const { stores, close } = await connectStores(option, terminal)
  try {
    const databases = await Promise.all(stores.map(statusOf))
    // What is in OpenSearch is told although SQL is away.
    if (!json) terminal.stdout.write(`${table(databases)}\n`)
    const backlog = await backlogOf(stores)
    terminal.stdout.write(json ? jsonText({ databases, backlog }) : backlogTable(backlog))
    if (backlog.length > 0) terminal.stderr.write(`hint: ${hintOf(backlog)}\n`)
    mustBeSound(databases)
  } finally {
    await close()
  }
}

async function statusOf(store: Store): Promise<Status> {
  const { name: database, upkeep, keptDays } = store
  const { place } = upkeep
  const { result, error } = await attempt(() => upkeep.status())
  const { template = null, parts = [] } = result ?? {}
  const indices = parts.map((part) => ({ ...part, bytes: part.bytes ?? null }))
  return { database, place, template, keptDays, indices, error }
}

async function backlogOf(stores: readonly Store[]): Promise<Waiting[]> {
  const found: Waiting[] = []
  for (const { name, outbox } of stores) {
    if (outbox === undefined) continue
    const all = await told(`outbox of ${name}`, () => outbox.backlog())
    for (const { database, documents, refused, oldest = null } of all) {
      if (database !== name) continue
      found.push({ database, waiting: documents - refused, refused, since: oldest })
    }
  }
  return found
}

function table(rows: readonly Status[]): string {
  const lines = rows.flatMap(({ database, place, template, keptDays, indices, error }) => {
    const kept = keptDays === 0 ? "for ever" : `${keptDays} days`
    if (error !== null) return [[database, place, "unknown", kept, error, "", ""]]
    const start = [database, place, template ?? "", kept]
    if (indices.length === 0) return [[...start, "none yet", "0", ""]]
    return indices.map(({ name, documents, bytes }) => {
      return [...start, name, String(documents), bytes === null ? "" : sizeText(bytes)]
    })
  })
  const titles = ["database", "place", "template", "kept", "index", "documents", "size"]
  return `${aligned([titles, ...lines], { toTheRight: [5, 6] }).join("\n")}\n`
}

function backlogTable(backlog: readonly Waiting[]): string {
  if (backlog.length === 0) return "Nothing waits for OpenSearch.\n"
  const lines = backlog.map(({ database, waiting, refused, since }) => {
    return [database, String(waiting), String(refused), since?.slice(0, 19) ?? ""]
  })
  const titles = ["outbox", "waiting", "refused", "since"]
  return `${aligned([titles, ...lines], { toTheRight: [1, 2] }).join("\n")}\n`
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"]

function sizeText(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1)
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`
}

function hintOf(backlog: readonly Waiting[]): string {
  return backlog.some(({ waiting }) => waiting > 0)
    ? "documents wait for OpenSearch; run spinor os flush"
    : "OpenSearch has refused documents; run spinor os flush --refused when it takes them"
}

function mustBeSound(rows: readonly Status[]): void {
  const unlike = rows.filter(({ template }) => template === "missing" || template === "another")
  const faults = [
    ...failuresOf(rows),
    ...(unlike.length === 0 ? [] : [`not our template: ${namesOf(unlike)}; run spinor os migrate`]),
  ]
  if (faults.length > 0) throw new OperatorError(faults.join("; "))
}

const namesOf = (rows: readonly Status[]): string => rows.map(({ database }) => database).join(", ")
