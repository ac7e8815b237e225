import { sql } from "drizzle-orm"
import type { Queries } from "../queries.ts"
import type { TableLayout } from "../layout.ts"
import type { DialectName } from "../url.ts"

type Generating = TableLayout & { readonly generated: string }

interface Counter {
  /** The last id that was generated, as far as the database remembers. */
  readonly last: (db: Queries, table: Generating) => Promise<number>
  /** Generates greater ids from now on. */
  readonly set: (db: Queries, table: Generating, last: number) => Promise<unknown>
}

const sequence = ({ name, generated }: Generating) =>
  sql`pg_get_serial_sequence(${`"${name}"`}, ${generated})`

const COUNTERS: Record<DialectName, Counter> = {
  mysql: {
    // What the information schema tells may be a day old.
    async last(db, { name }) {
      const [row] = await db.run(sql`show create table ${sql.identifier(name)}`)
      const [, next] = /AUTO_INCREMENT=(\d+)/.exec(String(row?.["Create Table"])) ?? []
      return Number(next ?? 1) - 1
    },
    set: (db, { name }, last) =>
      db.run(
        sql`alter table ${sql.identifier(name)} auto_increment = ${sql.raw(String(last + 1))}`,
      ),
  },
  postgresql: {
    async last(db, table) {
      const [row] = await db.run(
        sql`select pg_sequence_last_value(${sequence(table)}::regclass)::text as last`,
      )
      return Number(row?.["last"] ?? 0)
    },
    set: (db, table, last) =>
      db.run(sql`select setval(${sequence(table)}::regclass, ${String(last)}::text::bigint)`),
  },
  sqlite: {
    async last(db, { name }) {
      if (!(await remembersIds(db))) return 0
      const [row] = await db.run(
        sql`select cast(seq as text) as last from sqlite_sequence where name = ${name}`,
      )
      return Number(row?.["last"] ?? 0)
    },
    async set(db, { name }, last) {
      if (!(await remembersIds(db))) return
      await db.run(sql`delete from sqlite_sequence where name = ${name}`)
      await db.run(sql`insert into sqlite_sequence (name, seq) values (${name}, ${last})`)
    },
  },
}

/** In a file that DiracX has made, no table does: the next id follows the greatest. */
async function remembersIds(db: Queries): Promise<boolean> {
  const [found] = await db.run(sql`select 1 from sqlite_master where name = 'sqlite_sequence'`)
  return found !== undefined
}

/**
 * The greatest id that a table has, or has had: one that was given to a row and is not there any
 * more is not given again.
 */
export async function lastId(
  db: Queries,
  dialect: DialectName,
  table: Generating,
): Promise<number> {
  const [row] = await db.run(
    sql`select cast(max(${sql.identifier(table.generated)}) as char(20)) as last from ${sql.identifier(table.name)}`,
  )
  const last = await COUNTERS[dialect].last(db, table)
  return Math.max(last, Number(row?.["last"] ?? 0))
}

/** Lets a table generate ids that come after the last one of another. */
export async function continueAfter(
  db: Queries,
  dialect: DialectName,
  table: Generating,
  last: number,
): Promise<void> {
  if (last > (await COUNTERS[dialect].last(db, table))) await COUNTERS[dialect].set(db, table, last)
}

export const isGenerating = (table: TableLayout): table is Generating =>
  table.generated !== undefined
