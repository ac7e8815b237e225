import type { Instant } from "@spinor/core/instant"
import type { Engine } from "../engine.ts"
import { layoutOf, type TableLayout } from "../layout.ts"
import { exclusively } from "../lease.ts"
import { migrate } from "../migrations/migrate.ts"
import { CopyError } from "./copy-error.ts"
import { continueAfter, isGenerating, lastId } from "./counters.ts"
import { NOTHING, tableDigest } from "./digest.ts"
import {
  compareSchema,
  countRows,
  existingTables,
  holdsWholeSeconds,
  refuseFractions,
  refuseSharedKeys,
  type OnLoss,
} from "./examine.ts"
import { pagesOf } from "./pages.ts"
import type { CopyPlace } from "./place.ts"
import { beginRecords, copyRecords, endRecords, type CopyRecord } from "./records.ts"
import { verify, type CopiedTable, type Following } from "./verify.ts"
import type { Exactness } from "./values.ts"
import { writeRows } from "./write-rows.ts"

export interface CopyOptions extends Exactness, OnLoss, Following {
  readonly databases: readonly string[]
  /** Adds to the rows that the target has. */
  readonly intoExisting: boolean
  readonly now: () => Instant
}

/**
 * Copies the tables of logical databases from one place to another, makes them there when they are
 * absent, and compares both. A copy that was interrupted goes on where it was.
 * @throws CopyError when the places do not suit one another, a row cannot be copied, or they differ in the end
 */
export async function copyDatabases(
  source: CopyPlace,
  target: CopyPlace,
  wanted: CopyOptions,
): Promise<CopiedTable[]> {
  const tables = layoutOf(wanted.databases)
  const inWholeSeconds = holdsWholeSeconds(target.engine)
  const options = { ...wanted, cutFractions: wanted.cutFractions && inWholeSeconds }
  await compareSchema(source, tables, options)
  await refuseSharedKeys(source, tables)
  return await exclusively(target.engine, "spinor_copies", async () => {
    const known = await recordsOf(target, source, tables, options)
    if (inWholeSeconds) await refuseFractions(source, target, tables, options)
    await migrate(target.engine, options.databases, options.now)
    const records = await begin(target, source, tables, { known, options })
    await copyTables(source.engine, target.engine, tables, { records, options })
    for (const table of tables) await setCounter(source.engine, target.engine, table)
    const copied = await verify(source.engine, target.engine, tables, records, options)
    await endRecords(target.engine, tables)
    return copied
  })
}

/** The records of an interrupted copy of these tables; none when there has been no such copy. */
async function recordsOf(
  target: CopyPlace,
  source: CopyPlace,
  tables: readonly TableLayout[],
  { intoExisting }: CopyOptions,
): Promise<Map<string, CopyRecord>> {
  const records = await copyRecords(target.engine, tables)
  const other = [...records.values()].find((record) => record.source !== source.place)
  if (other !== undefined) {
    throw new CopyError(
      `a copy from ${other.source} to ${target.place} has not ended: go on with it, or copy into an empty place`,
    )
  }
  const existing = await existingTables(target.engine)
  const filled: string[] = []
  for (const table of tables) {
    if (intoExisting || records.has(table.name) || !existing.has(table.name)) continue
    const rows = await countRows(target.engine, table)
    if (rows > 0) filled.push(`${table.name} (${rows})`)
  }
  if (filled.length === 0) return records
  throw new CopyError(
    `${target.place} is not empty: rows in ${filled.join(", ")}; --into-existing adds to them`,
  )
}

interface Begun {
  readonly records: ReadonlyMap<string, CopyRecord>
  readonly options: CopyOptions
}

async function begin(
  target: CopyPlace,
  source: CopyPlace,
  tables: readonly TableLayout[],
  { known, options }: { known: ReadonlyMap<string, CopyRecord>; options: CopyOptions },
): Promise<Map<string, CopyRecord>> {
  const added = new Map<string, CopyRecord>()
  for (const table of tables) {
    if (known.has(table.name)) continue
    const before = options.intoExisting ? await tableDigest(target.engine, table, options) : NOTHING
    added.set(table.name, { source: source.place, lastKey: undefined, before })
  }
  await beginRecords(target.engine, added)
  return new Map([...known, ...added])
}

async function copyTables(
  source: Engine,
  target: Engine,
  tables: readonly TableLayout[],
  { records, options }: Begun,
): Promise<void> {
  const { signal, onProgress } = options
  let [done, total] = [0, 0]
  for (const table of tables) {
    total += await countRows(source, table)
    const before = records.get(table.name)?.before.rows ?? 0
    done += (await countRows(target, table)) - before
  }
  for (const table of tables) {
    for await (const page of pagesOf(source, table, records.get(table.name)?.lastKey)) {
      signal.throwIfAborted()
      await writeRows(target, table, page, options)
      done += page.length
      onProgress("copying", done, total)
    }
  }
}

/** The next row gets an id that the source has never given. */
async function setCounter(source: Engine, target: Engine, table: TableLayout): Promise<void> {
  if (!isGenerating(table)) return
  const last = await source.read((db) => lastId(db, source.dialect.name, table))
  await target.transaction((db) => continueAfter(db, target.dialect.name, table, last))
}
