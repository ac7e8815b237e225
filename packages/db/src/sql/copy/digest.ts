import type { Engine } from "../engine.ts"
import type { TableLayout } from "../layout.ts"
import { pagesOf } from "./pages.ts"
import { digestOf, spelled, type Exactness } from "./values.ts"

/** How many rows a table has, and a sum of 128 bits over all of them, whatever their order. */
export interface Digest {
  readonly rows: number
  /** Hexadecimal. */
  readonly sum: string
}

export const NOTHING: Digest = { rows: 0, sum: "0".repeat(32) }

/** Reads all of a table; told after each page how many rows it had. */
export async function tableDigest(
  engine: Engine,
  table: TableLayout,
  exactness: Exactness,
  onRows: (rows: number) => void = () => undefined,
): Promise<Digest> {
  let [rows, sum] = [0, 0n]
  for await (const page of pagesOf(engine, table)) {
    for (const row of page) sum += digestOf(table.columns, spelled(table.columns, row, exactness))
    rows += page.length
    onRows(page.length)
  }
  return { rows, sum: hexadecimal(sum) }
}

/** What has come to a table since. */
export const since = (before: Digest, { rows, sum }: Digest): Digest => ({
  rows: rows - before.rows,
  sum: hexadecimal(BigInt(`0x${sum}`) - BigInt(`0x${before.sum}`)),
})

const hexadecimal = (sum: bigint): string => BigInt.asUintN(128, sum).toString(16).padStart(32, "0")
