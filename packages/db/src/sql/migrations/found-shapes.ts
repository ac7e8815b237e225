import { sql, type SQL } from "drizzle-orm"
import type { Queries } from "../queries.ts"
import type { DialectName } from "../url.ts"
import type { ColumnShape, TableShape } from "./table-shape.ts"

/** What a server's catalogue is asked for: columns and keys in their order. */
interface Catalogue {
  readonly columns: SQL
  readonly keys: SQL
  readonly traits?: SQL
}

const catalogues: Record<DialectName, Catalogue> = {
  mysql: {
    columns: sql`select table_name as of_table, column_name as name, column_type as type,
        is_nullable = 'YES' as nullable, column_default as initial, extra like '%auto_increment%' as counts
      from information_schema.columns
      where table_schema = database() and extra not like '% generated'
      order by ordinal_position`,
    keys: sql`select table_name as of_table, index_name as name, column_name as of_column,
        index_name = 'PRIMARY' as is_primary, non_unique = 0 as is_unique
      from information_schema.statistics where table_schema = database() order by index_name, seq_in_index`,
    traits: sql`select t.table_name as of_table, concat('engine ', t.engine) as engine,
        concat('character set ', c.character_set_name) as charset
      from information_schema.tables t join information_schema.collation_character_set_applicability c
        on c.collation_name = t.table_collation
      where t.table_schema = database()`,
  },
  postgresql: {
    columns: sql`select c.relname as of_table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
        not a.attnotnull as nullable, pg_get_expr(d.adbin, d.adrelid) as initial,
        a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) like 'nextval(%' as counts
      from pg_attribute a join pg_class c on c.oid = a.attrelid
        left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
        and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum`,
    keys: sql`select c.relname as of_table, i.relname as name, a.attname as of_column,
        x.indisprimary as is_primary, x.indisunique as is_unique
      from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
        cross join lateral unnest(x.indkey) with ordinality as k (number, place)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number
      where c.relnamespace = current_schema()::regnamespace and x.indpred is null order by i.relname, k.place`,
  },
  sqlite: {
    columns: sql`select t.name as of_table, c.name as name, c.type as type, c."notnull" = 0 as nullable,
        c.dflt_value as initial, c.pk = 1 and lower(c.type) = 'integer' and not exists
          (select 1 from pragma_table_info(t.name) o where o.pk > 1) as counts
      from sqlite_master t join pragma_table_info(t.name) c where t.type = 'table' order by c.cid`,
    // An integer that is the key has no index.
    keys: sql`select t.name as of_table, i.name as name, c.name as of_column, 0 as is_primary,
        i."unique" as is_unique, c.seqno as place
      from sqlite_master t join pragma_index_list(t.name) i join pragma_index_info(i.name) c
      where t.type = 'table' and i.origin <> 'pk' and not i.partial
      union all select t.name, 'primary key', c.name, 1, 1, c.pk
      from sqlite_master t join pragma_table_info(t.name) c where t.type = 'table' and c.pk > 0
      order by 1, 2, 6`,
  },
}

type Row = Readonly<Record<string, unknown>>

/** Reads the tables of a database as its catalogue shows them. */
export async function foundShapes(db: Queries, dialect: DialectName): Promise<TableShape[]> {
  const catalogue = catalogues[dialect]
  const columns = byTable(await db.run(catalogue.columns))
  const keys = byTable(await db.run(catalogue.keys))
  const traits = byTable(catalogue.traits === undefined ? [] : await db.run(catalogue.traits))
  return [...columns].map(([name, rows]) => {
    const indexes = [...Map.groupBy(keys.get(name) ?? [], (row) => row["name"]).values()]
    return {
      name,
      columns: rows.map(columnOf),
      primaryKey: indexes.filter(isPrimary).flatMap(columnsOf),
      indexes: indexes
        .filter((index) => !isPrimary(index))
        .map((index) => ({ columns: columnsOf(index), unique: isTrue(index[0]?.["is_unique"]) })),
      traits: (traits.get(name) ?? []).flatMap(({ engine, charset }) => [
        String(engine),
        String(charset),
      ]),
    }
  })
}

const byTable = (rows: readonly Row[]): Map<string, Row[]> =>
  Map.groupBy(rows, (row) => String(row["of_table"]))

const isPrimary = (index: readonly Row[]): boolean => isTrue(index[0]?.["is_primary"])

const columnsOf = (index: readonly Row[]): string[] => index.map((row) => String(row["of_column"]))

/** Only PostgreSQL has a type for it; numbers may come as text. */
const isTrue = (value: unknown): boolean => value === true || Number(value) === 1

const columnOf = (row: Row): ColumnShape => ({
  name: String(row["name"]),
  type: String(row["type"]),
  nullable: isTrue(row["nullable"]),
  initial: isNull(row["initial"]) ? undefined : String(row["initial"]),
  counts: isTrue(row["counts"]),
})

/** MariaDB writes the word. */
const isNull = (initial: unknown): boolean => initial === null || initial === "NULL"
