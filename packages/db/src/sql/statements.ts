import { Column, fillPlaceholders, is, SQL, type SQLWrapper } from "drizzle-orm"
import type { Dialect } from "./dialects/dialect.ts"
import type { Queries } from "./queries.ts"

/** A text with marks, and where their values come from. */
interface Written {
  readonly text: string
  /** As drizzle leaves them: values, and placeholders for them. */
  readonly values: unknown[]
  readonly read: Reader
}

/** A select of drizzle's, whose rows are `Row`s. */
export type Select<Row> = SQLWrapper & PromiseLike<readonly Row[]>

/** What stands where a statement has a placeholder (drizzle's `sql.placeholder`): a value, or a list of them. */
export type Values = Readonly<Record<string, unknown>>

/**
 * The statements of a database that run often: each is written with drizzle once, by its name, and sent with
 * other values each time. To write it anew would take longer than all else that a small request does here.
 */
export class Statements {
  static readonly #known = new WeakMap<object, Statements>()

  readonly #dialect: Dialect
  readonly #written = new Map<string, Written>()

  constructor(dialect: Dialect) {
    this.#dialect = dialect
  }

  /** Those on tables, which are declared once an engine, in its dialect. */
  static of(tables: object, dialect: Dialect): Statements {
    const known = this.#known.get(tables) ?? new Statements(dialect)
    this.#known.set(tables, known)
    return known
  }

  async rows<Row>(
    db: Queries,
    name: string,
    values: Values,
    write: () => Select<Row>,
  ): Promise<Row[]> {
    const { text, values: places, read } = this.#of(name, write)
    return await rowsRead<Row>(db, { text, values: this.#filled(places, values), read })
  }

  /** The rows of a select that is another one each time: to read them, drizzle takes three times as long. */
  static async rowsOf<Row>(db: Queries, dialect: Dialect, select: Select<Row>): Promise<Row[]> {
    return await rowsRead<Row>(db, written(dialect, select))
  }

  async later(db: Queries, name: string, values: Values, write: () => SQLWrapper): Promise<void> {
    const { text, values: places } = this.#of(name, write)
    await db.later(text, this.#filled(places, values))
  }

  #of(name: string, write: () => SQLWrapper): Written {
    const known = this.#written.get(name)
    if (known !== undefined) return known
    const statement = written(this.#dialect, write())
    this.#written.set(name, statement)
    return statement
  }

  #filled(places: unknown[], values: Values): unknown[] {
    const given = Object.entries(values).map(([name, value]) => [
      name,
      Array.isArray(value) ? this.#dialect.list(value) : value,
    ])
    return fillPlaceholders(places, Object.fromEntries(given))
  }
}

type Reader = (row: ArrayLike<unknown>) => unknown

const written = (dialect: Dialect, statement: SQLWrapper): Written => ({
  ...dialect.written(statement.getSQL()),
  read: rowReader(statement),
})

/** What reads a row was made of the fields that were selected. */
async function rowsRead<Row>(db: Queries, { text, values, read }: Written): Promise<Row[]> {
  const { rows } = await db.send(text, values)
  return rows.map((row) => read(row) as Row)
}

/** Rows of a select have the shape of the fields that it was given. */
function rowReader(statement: object): Reader {
  const { selectedFields } = ("_" in statement ? statement._ : {}) as { selectedFields?: object }
  return selectedFields === undefined ? (row) => row : objectReader(selectedFields, { column: 0 })
}

function objectReader(fields: object, next: { column: number }): Reader {
  const readers = Object.entries(fields).map(([name, field]): [string, Reader] => [
    name,
    fieldReader(field, next),
  ])
  return (row) => {
    const object: Record<string, unknown> = {}
    for (const [name, read] of readers) object[name] = read(row)
    return object
  }
}

function fieldReader(field: unknown, next: { column: number }): Reader {
  if (!is(field, Column) && !is(field, SQL) && !is(field, SQL.Aliased)) {
    return objectReader(field as object, next)
  }
  const column = next.column++
  const decoder = decoderOf(field)
  return (row) => {
    const value = row[column]
    return value === null ? null : decoder.mapFromDriverValue(value)
  }
}

interface Decoder {
  mapFromDriverValue(value: unknown): unknown
}

/** drizzle's types hide what reads an expression. */
function decoderOf(field: Column | SQL | SQL.Aliased): Decoder {
  if (is(field, Column)) return field
  return ((is(field, SQL) ? field : field.sql) as unknown as { decoder: Decoder }).decoder
}
