import { and, asc, count, eq, type SQL } from "drizzle-orm"
import type { MySqlColumn, MySqlTable } from "drizzle-orm/mysql-core"
import { InvalidRequestError } from "@spinor/core/errors"
import type { Page, SearchParams, SearchSpec } from "@spinor/core/models/search"
import type { Queries } from "../queries.ts"
import type { Dialect } from "../dialects/dialect.ts"
import { selectedColumns } from "./columns.ts"
import { searchFilter } from "./filter.ts"
import { after, endedBy, orderBy, placeOf, readSorts, type Sort } from "./order.ts"

/** A row of a search: values by the names of the database's columns. */
export type Row = Record<string, unknown>

/** A page by its number, or after the row with these values of the sorts; from the beginning if there are none. */
export interface RowPage extends Page {
  readonly after?: readonly unknown[] | undefined
}

/** A page of a search. */
export interface SearchResult {
  readonly rows: Row[]
  /** Of all pages; not counted where a page comes after a row. */
  readonly total: number | undefined
  /** The values of the sorts in the last row, if there may be more. */
  readonly next?: readonly unknown[] | undefined
}

/** A table that can be searched, in one unit of work. */
export interface Searchable {
  readonly db: Queries
  readonly dialect: Dialect
  readonly table: MySqlTable
  /** Settles the order of rows that the sorts leave equal, so that pages do not overlap. */
  readonly key: MySqlColumn
}

/**
 * Searches a table in one statement. A second one counts, only where the page has a number and does not
 * tell, or goes on with the rows that have NULL in the column they are sorted by.
 * @param confine what the caller may see; compared exactly, whatever the search says
 * @throws InvalidRequestError for unknown columns, values that cannot be compared, and the place of
 * another search
 */
export async function searchTable(
  searchable: Searchable,
  params: SearchParams,
  page: RowPage,
  confine?: SQL,
): Promise<SearchResult> {
  const { table, dialect, key } = searchable
  const where = and(searchFilter(table, params.search, dialect), confine)
  const sorts = readSorts(table, params.sort)
  if (params.distinct) return await searchDistinct(searchable, params, { where, sorts, page })
  const columns = selectedColumns(table, params.parameters ?? [])
  return await searchRows(searchable, columns, { where, sorts: endedBy(key, sorts), page })
}

interface Found {
  readonly where: SQL | undefined
  readonly sorts: readonly Sort[]
  readonly page: RowPage
}

async function searchRows(
  { db, dialect, table, key }: Searchable,
  columns: Record<string, MySqlColumn>,
  { where, sorts, page }: Found,
): Promise<SearchResult> {
  const { perPage, after: place } = page
  const order = orderBy(sorts)
  const wanted = { ...columns, ...placeOf(sorts, dialect) }
  const part = (condition: SQL | undefined, limit: number) =>
    db
      .select(wanted)
      .from(table)
      .where(and(where, condition))
      .orderBy(...order)
      .limit(limit)
  /** What comes before the page is passed over in an index, if there is one, and not read as rows. */
  const numbered = (offset: number) => {
    const keys = db
      .select({ key })
      .from(table)
      .where(where)
      .orderBy(...order)
      .limit(perPage)
      .offset(offset)
      .as("page")
    return db
      .select(wanted)
      .from(table)
      .innerJoin(keys, eq(key, keys.key))
      .orderBy(...order)
  }
  const found: Row[] = []
  if (place === undefined) {
    const offset = offsetOf(page)
    found.push(...(await (offset === 0 ? part(undefined, perPage) : numbered(offset))))
  } else {
    const parts = place.length === 0 ? [undefined] : after(sorts, place, dialect)
    for (const condition of parts) {
      const left = perPage - found.length
      if (left > 0) found.push(...(await part(condition, left)))
    }
  }
  const last = found.length < perPage ? undefined : found.at(-1)
  const next = last && sorts.map((_, i) => last[`sort.${i}`])
  const rows = found.map((row) =>
    Object.fromEntries(Object.keys(columns).map((name) => [name, row[name]])),
  )
  if (place !== undefined) return { rows, total: undefined, next }
  const total = await totalOf(page, rows.length, () =>
    db.select({ total: count() }).from(table).where(where),
  )
  return { rows, total, next }
}

/** Rows that differ are sorted by all that they hold; they have no key that a cursor could name. */
async function searchDistinct(
  { db, table }: Searchable,
  { parameters }: SearchParams,
  { where, sorts, page }: Found,
): Promise<SearchResult> {
  if (page.after !== undefined) throw new InvalidRequestError("A distinct search has no cursor")
  const columns = selectedColumns(table, parameters ?? [])
  const select = () => db.selectDistinct(columns).from(table).where(where)
  const rows = await select()
    .orderBy(...orderBy(sorts), ...Object.values(columns).map((each) => asc(each)))
    .limit(page.perPage)
    .offset(offsetOf(page))
  const total = await totalOf(page, rows.length, () =>
    db.select({ total: count() }).from(select().as("found")),
  )
  return { rows, total }
}

const offsetOf = ({ page, perPage }: Page): number =>
  Math.min((page - 1) * perPage, Number.MAX_SAFE_INTEGER)

/** Counts only where the page does not tell. */
async function totalOf(
  page: Page,
  found: number,
  counted: () => PromiseLike<{ total: number }[]>,
): Promise<number> {
  if (found < page.perPage && (found > 0 || page.page === 1)) return offsetOf(page) + found
  return (await counted())[0]?.total ?? 0
}

/** Counts the rows of each group, in one statement. */
export async function summarizeTable(
  { db, dialect, table }: Searchable,
  grouping: readonly string[],
  search: readonly SearchSpec[],
  confine?: SQL,
): Promise<Row[]> {
  const columns = selectedColumns(table, grouping)
  const where = and(searchFilter(table, search, dialect), confine)
  return await db
    .select({ ...columns, count: count() })
    .from(table)
    .where(where)
    .groupBy(...Object.values(columns))
}
