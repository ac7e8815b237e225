import { sql } from "drizzle-orm"
import type { Engine } from "../engine.ts"
import type { TableLayout } from "../layout.ts"
import { folded } from "../migrations/table-shape.ts"
import { foundShapes } from "../migrations/found-shapes.ts"
import { CopyError } from "./copy-error.ts"
import type { CopyPlace } from "./place.ts"
import { reading } from "./texts.ts"
import type { Exactness } from "./values.ts"

/** The names of the tables that exist. */
export async function existingTables(engine: Engine): Promise<Set<string>> {
  const rows = await engine.read((db) => db.run(engine.dialect.selectTableNames))
  return new Set(rows.map(({ name }) => String(name)))
}

export async function countRows(engine: Engine, { name }: TableLayout): Promise<number> {
  const [row] = await engine.read((db) =>
    db.run(sql`select count(*) as n from ${sql.identifier(name)}`),
  )
  return Number(row?.["n"])
}

/**
 * Tells of columns that are copied to nowhere, because Spinor does not know them.
 * @throws CopyError that names the tables, or the columns, which a place lacks
 */
export async function compareSchema(
  { engine, place }: CopyPlace,
  tables: readonly TableLayout[],
  { onLeftBehind }: OnLoss,
): Promise<void> {
  const found = await engine.read((db) => foundShapes(db, engine.dialect.name))
  const namesOf = (table: Named) =>
    columnsOf(table).map((column) => folded(column, engine.dialect.name))
  const existing = new Set(found.flatMap(namesOf))
  const missing = tables.flatMap((table) => {
    const wanted = columnsOf(table)
    const absent = wanted.filter((column) => !existing.has(folded(column, engine.dialect.name)))
    return absent.length === wanted.length ? [table.name] : absent
  })
  if (missing.length > 0) {
    throw new CopyError(
      `${place} lacks ${missing.join(", ")}: migrate it first, or name the databases that it has`,
    )
  }
  const known = new Set(tables.flatMap(namesOf))
  const ours = new Set(tables.map(({ name }) => name))
  const unknown = found
    .filter(({ name }) => ours.has(name))
    .flatMap(columnsOf)
    .filter((column) => !known.has(folded(column, engine.dialect.name)))
  if (unknown.length > 0) onLeftBehind(unknown.sort())
}

/** As "table.column". */
const columnsOf = ({ name, columns }: Named): string[] =>
  columns.map((column) => `${name}.${column.name}`)

interface Named {
  readonly name: string
  readonly columns: readonly { readonly name: string }[]
}

/**
 * A table that DIRAC made may lack the key by which its rows are told apart here.
 * @throws CopyError that names the tables in which rows share their key
 */
export async function refuseSharedKeys(
  { engine, place }: CopyPlace,
  tables: readonly TableLayout[],
): Promise<void> {
  const shared: string[] = []
  for (const table of tables) {
    const key = sql.join(
      table.key.map((position) => sql.identifier(table.columns[position]?.name ?? "")),
      sql`, `,
    )
    const repeated = sql`select 1 as one from ${sql.identifier(table.name)} group by ${key} having count(*) > 1`
    const [row] = await engine.read((db) =>
      db.run(sql`select count(*) as n from (${repeated}) as repeated`),
    )
    if (Number(row?.["n"]) > 0) shared.push(`${table.name} (${Number(row?.["n"])} keys)`)
  }
  if (shared.length === 0) return
  throw new CopyError(
    `${place} holds rows that share their key in ${shared.join(", ")}: remove the repeated ones first`,
  )
}

export interface FractionCount {
  readonly table: string
  readonly values: number
}

/** Told, before anything is copied, of what the target will not have. */
export interface OnLoss {
  /** Of the columns, as "table.column", that somebody has added. */
  readonly onLeftBehind: (columns: readonly string[]) => void
  /** Of the fractions of a second in each table, where the target holds none. */
  readonly onFractions: (counts: readonly FractionCount[]) => void
}

/** MySQL's datetime does, as DIRAC declares it. */
export const holdsWholeSeconds = ({ dialect }: Engine): boolean => dialect.name === "mysql"

/** @throws CopyError when fractions of a second would be lost, and nobody has agreed to that */
export async function refuseFractions(
  source: CopyPlace,
  target: CopyPlace,
  tables: readonly TableLayout[],
  { cutFractions, onFractions }: Exactness & OnLoss,
): Promise<void> {
  const counts: FractionCount[] = []
  for (const table of tables) {
    const values = await countFractions(source.engine, table)
    if (values > 0) counts.push({ table: table.name, values })
  }
  if (counts.length === 0) return
  onFractions(counts)
  if (cutFractions) return
  throw new CopyError(
    `${target.place} holds whole seconds: --cut-fractions agrees to lose the rest`,
  )
}

/** How many values of a table have a fraction of a second. */
async function countFractions(engine: Engine, table: TableLayout): Promise<number> {
  const counts = table.columns
    .filter(({ kind }) => kind === "datetime")
    .map(({ name, kind }) => {
      const text = reading(engine.dialect.name, sql`${sql.identifier(name)}`, kind)
      const digits = sql`replace(replace(replace(substr(${text}, 20), '.', ''), '0', ''), 'Z', '')`
      return sql`count(case when ${digits} <> '' then 1 end)`
    })
  if (counts.length === 0) return 0
  const [row] = await engine.read((db) =>
    db.run(sql`select ${sql.join(counts, sql` + `)} as n from ${sql.identifier(table.name)}`),
  )
  return Number(row?.["n"])
}
