import type { Engine } from "../engine.ts"
import type { TableLayout } from "../layout.ts"
import { CopyError } from "./copy-error.ts"
import { NOTHING, since, tableDigest, type Digest } from "./digest.ts"
import { countRows } from "./examine.ts"
import type { CopyRecord } from "./records.ts"
import type { Exactness } from "./values.ts"

/** How one follows a copy, and ends it early. */
export interface Following {
  readonly signal: AbortSignal
  /** Told of the rows that are copied, then of those that are verified. */
  readonly onProgress: (step: "copying" | "verifying", rows: number, total: number) => void
}

/** A table of which the target holds what the source does. */
export interface CopiedTable extends Digest {
  readonly database: string
  readonly table: string
}

/**
 * Reads both places again, and compares.
 * @throws CopyError that names the tables which differ
 */
export async function verify(
  source: Engine,
  target: Engine,
  tables: readonly TableLayout[],
  records: ReadonlyMap<string, CopyRecord>,
  options: Exactness & Following,
): Promise<CopiedTable[]> {
  let [done, total] = [0, 0]
  for (const table of tables) total += await countRows(source, table)
  const verified = (rows: number) => {
    options.signal.throwIfAborted()
    options.onProgress("verifying", (done += rows), total)
  }
  const copied: CopiedTable[] = []
  const different: string[] = []
  for (const table of tables) {
    const [wanted, found] = await Promise.all([
      tableDigest(source, table, options, verified),
      tableDigest(target, table, options),
    ])
    const [there, here] = [await countRows(source, table), await countRows(target, table)]
    const come = since(records.get(table.name)?.before ?? NOTHING, found)
    copied.push({ database: table.database, table: table.name, ...wanted })
    const isWhole = there === wanted.rows && here === found.rows
    if (isWhole && come.rows === wanted.rows && come.sum === wanted.sum) continue
    different.push(`${table.name} (${there} rows there, ${come.rows} here)`)
  }
  if (different.length === 0) return copied
  throw new CopyError(
    `the copy differs from the source in ${different.join(", ")}: let nothing write to either, and copy again into an empty place`,
  )
}
