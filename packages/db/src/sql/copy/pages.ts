import { sql, type SQL } from "drizzle-orm"
import type { Queries } from "../queries.ts"
import type { Engine } from "../engine.ts"
import type { TableLayout } from "../layout.ts"
import type { DialectName } from "../url.ts"
import { CopyError } from "./copy-error.ts"
import { keyOf, type Key } from "./key.ts"
import { reading, textOf, writing } from "./texts.ts"
import type { Row } from "./values.ts"

/** What is in memory at a time, and in one statement: every backend takes that much. */
const PAGE = { rows: 1000, bytes: 2 ** 20, parameters: 30_000 }

/** Reads a table in the order of its key, a bounded page at a time; what is read is not locked. */
export async function* pagesOf(
  engine: Engine,
  table: TableLayout,
  after?: Key,
): AsyncGenerator<readonly Row[]> {
  const most = Math.min(PAGE.rows, Math.floor(PAGE.parameters / table.columns.length))
  let last = after
  while (true) {
    const rows = await engine.read(async (db) => {
      const limit = await fitting(db, engine.dialect.name, table, { after: last, most })
      return limit === 0 ? [] : await page(db, engine.dialect.name, table, { after: last, limit })
    })
    const end = rows.at(-1)
    if (end === undefined) return
    yield rows
    last = keyOf(table, end)
  }
}

async function page(
  db: Queries,
  dialect: DialectName,
  table: TableLayout,
  { after, limit }: { after: Key | undefined; limit: number },
): Promise<readonly Row[]> {
  const selected = table.columns.map(
    ({ name, kind }, i) =>
      sql`${reading(dialect, sql`${sql.identifier(name)}`, kind)} as ${sql.raw(`c${i}`)}`,
  )
  const rows = await db.run(
    sql`select ${sql.join(selected, sql`, `)} ${following(dialect, table, after, limit)}`,
  )
  return rows.map((row) => table.columns.map(({ name }, i) => readText(row[`c${i}`], table, name)))
}

function readText(value: unknown, table: TableLayout, column: string): string | null {
  try {
    return textOf(value)
  } catch (cause) {
    throw new CopyError(`${table.name}.${column} holds bytes that are no UTF-8`, { cause })
  }
}

/** How many of the next rows are read at once: one at least, however big it is. */
async function fitting(
  db: Queries,
  dialect: DialectName,
  table: TableLayout,
  { after, most }: { after: Key | undefined; most: number },
): Promise<number> {
  const long = table.columns.filter(({ kind }) => kind === "text" || kind === "json")
  if (long.length === 0) return most
  const lengths = long.map(
    ({ name, kind }) =>
      sql`coalesce(octet_length(${reading(dialect, sql`${sql.identifier(name)}`, kind)}), 0)`,
  )
  const rows = await db.run(
    sql`select ${sql.join(lengths, sql` + `)} as bytes ${following(dialect, table, after, most)}`,
  )
  let bytes = 0
  const tooMany = rows.findIndex((row) => (bytes += Number(row["bytes"])) > PAGE.bytes)
  return tooMany === -1 ? rows.length : Math.max(1, tooMany)
}

function following(
  dialect: DialectName,
  table: TableLayout,
  after: Key | undefined,
  limit: number,
): SQL {
  const parts = table.key.flatMap((position, i) => {
    const column = table.columns[position]
    if (column === undefined) return []
    const name = sql`${sql.identifier(column.name)}`
    return { name, value: writing(dialect, after?.[i] ?? null, column.kind) }
  })
  const where = after === undefined ? sql`` : sql` where ${greater(parts)}`
  const order = sql.join(
    parts.map(({ name }) => name),
    sql`, `,
  )
  return sql`from ${sql.identifier(table.name)}${where} order by ${order} limit ${sql.raw(String(limit))}`
}

interface KeyPart {
  readonly name: SQL
  readonly value: SQL
}

/** Not (a, b) > (x, y), for which MySQL would not use the index. */
function greater([part, ...rest]: readonly KeyPart[]): SQL {
  if (part === undefined) return sql`1 = 0`
  const { name, value } = part
  if (rest.length === 0) return sql`${name} > ${value}`
  return sql`${name} >= ${value} and (${name} > ${value} or (${greater(rest)}))`
}
