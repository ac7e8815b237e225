import { sql } from "drizzle-orm"
import { causes } from "@spinor/core/causes"
import { codeOf } from "../dialects/fault.ts"
import type { Engine } from "../engine.ts"
import type { TableLayout } from "../layout.ts"
import { CopyError } from "./copy-error.ts"
import { describeKey, keyOf } from "./key.ts"
import { recordKey } from "./records.ts"
import { writing } from "./texts.ts"
import { spelled, type Exactness, type Row } from "./values.ts"

/**
 * Inserts rows as they were read, and records in the same transaction how far the copy came.
 * @throws CopyError that names the row which the target does not take; those before it are copied
 */
export async function writeRows(
  target: Engine,
  table: TableLayout,
  rows: readonly Row[],
  exactness: Exactness,
): Promise<void> {
  const [first, last] = [rows[0], rows.at(-1)]
  if (first === undefined || last === undefined) return
  try {
    for (const row of rows) refuseZeros(target, table, row)
    await target.transaction(async (db) => {
      await db.run(insertion(target, table, rows, exactness))
      await recordKey(db, table, keyOf(table, last))
    })
  } catch (error) {
    if (!isOfRows(target, error)) throw error
    if (rows.length === 1) throw refusal(target, table, first, error)
    const half = Math.ceil(rows.length / 2)
    await writeRows(target, table, rows.slice(0, half), exactness)
    await writeRows(target, table, rows.slice(half), exactness)
  }
}

function insertion(
  { dialect }: Engine,
  table: TableLayout,
  rows: readonly Row[],
  exactness: Exactness,
) {
  const names = table.columns.map(({ name }) => sql`${sql.identifier(name)}`)
  const values = rows.map((row) => {
    const texts = spelled(table.columns, row, exactness)
    const each = table.columns.map(({ kind }, i) => writing(dialect.name, texts[i] ?? null, kind))
    return sql`(${sql.join(each, sql`, `)})`
  })
  return sql`insert into ${sql.identifier(table.name)} (${sql.join(names, sql`, `)}) values ${sql.join(values, sql`, `)}`
}

/** PostgreSQL has no U+0000, and none may be hidden in a JSON text, which the service reads as jsonb. */
function refuseZeros({ dialect }: Engine, table: TableLayout, row: Row): void {
  if (dialect.name !== "postgresql") return
  const at = table.columns.findIndex(({ kind }, i) => {
    const text = row[i] ?? ""
    return text.includes("\0") || (kind === "json" && HIDDEN_ZERO.test(text))
  })
  const column = table.columns[at]
  if (column === undefined) return
  throw new CopyError(
    `${table.name}.${column.name} holds U+0000, which PostgreSQL cannot, where ${describeKey(table, keyOf(table, row))}`,
  )
}

const HIDDEN_ZERO = /(?<!\\)(?:\\\\)*\\u0000/

/** Whether it is a row that was refused, rather than the server being away or busy. */
function isOfRows({ dialect }: Engine, error: unknown): boolean {
  if (error instanceof CopyError) return true
  const fault = dialect.fault(error)
  return fault === undefined ? reasonOf(error) !== "" : fault === "duplicate" || fault === "invalid"
}

function refusal(target: Engine, table: TableLayout, row: Row, cause: unknown): CopyError {
  if (cause instanceof CopyError) return cause
  const why =
    target.dialect.fault(cause) === "duplicate"
      ? "has a row already that the target takes for the same"
      : `has a row that the target does not take (${reasonOf(cause)})`
  return new CopyError(`${table.name} ${why}: ${describeKey(table, keyOf(table, row))}`, { cause })
}

/** The driver's code alone: its message may hold values. */
function reasonOf(error: unknown): string {
  for (const cause of causes(error)) {
    const code = codeOf(cause)
    if (code !== "") return code
  }
  return ""
}
