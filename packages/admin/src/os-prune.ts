import { epochMilliseconds, plusSeconds, type Instant } from "@spinor/core/instant"
import { aligned } from "./columns.ts"
import { jsonText } from "./json.ts"
import { connectStores, type DocumentsOption, type Store } from "./os-connection.ts"
import { attempt, mustHaveSucceeded, type Row } from "./os-failures.ts"
import { progressOn } from "./progress.ts"
import { OperatorError, type Terminal } from "./terminal.ts"

export interface PruneOptions extends DocumentsOption {
  /** In days. */
  readonly olderThan?: number
}

interface Pruned extends Row {
  /** Null where documents are kept for ever. */
  readonly before: Instant | null
  readonly removed: number
}

const DAY = 86_400

/**
 * Removes the documents that were last written longer ago than they are kept.
 * @throws OperatorError when that is not done; other databases are not left out
 */
export async function prune(
  { olderThan, json = false, ...option }: PruneOptions,
  terminal: Terminal,
): Promise<void> {
  if (olderThan !== undefined && option.database === undefined) {
    throw new OperatorError("--older-than is for the databases that --database names: name them")
  }
  const { stores, close } = await connectStores(option, terminal)
  const rows: Pruned[] = []
  try {
    for (const store of stores) {
      const days = olderThan ?? store.keptDays
      const before = days === 0 ? null : plusSeconds(terminal.clock(), -days * DAY)
      rows.push(await removeBefore(before, store, terminal))
    }
  } finally {
    await close()
  }
  terminal.stdout.write(json ? jsonText(rows) : report(rows))
  mustHaveSucceeded(rows)
}

async function removeBefore(
  before: Instant | null,
  store: Store,
  { stderr, interrupted }: Terminal,
): Promise<Pruned> {
  const { name: database, upkeep } = store
  const { place } = upkeep
  if (before === null) return { database, place, before, removed: 0, error: null }
  const bar = progressOn(stderr, `Removing from ${database}:`, (count) => `${count} documents`)
  let removed = 0
  try {
    const { error } = await attempt(() =>
      upkeep.removeBefore(epochMilliseconds(before), (count) => {
        interrupted.throwIfAborted()
        removed = count
        bar.step(count)
      }),
    )
    return { database, place, before, removed, error }
  } finally {
    bar.end()
  }
}

function report(rows: readonly Pruned[]): string {
  const lines = rows.map(({ database, place, before, removed, error }) => {
    const said = `${removed} removed, which were written before ${before?.slice(0, 19)}`
    const end = error === null ? "" : "; then it failed"
    return [database, place, before === null ? "kept for ever" : said + end]
  })
  return `${aligned(lines).join("\n")}\n`
}
