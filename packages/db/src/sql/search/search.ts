import { and, asc, count, eq, type SQL } from "drizzle-orm"
import type { MySqlColumn, MySqlTable } from "drizzle-orm/mysql-core"
import { InvalidRequestError } from "@spinor/core/errors"
import type { Page, SearchParams, SearchSpec } from "@spinor/core/models/search"
import type { Queries } from "../queries.ts"
import { Statements } from "../statements.ts"
import type { Dialect } from "../dialects/dialect.ts"
import { selectedColumns } from "./columns.ts"
import { searchFilter, type ReadingOf } from "./filter.ts"
import { after, endedBy, leadTo, orderBy, placeOf, readSorts, type Sort } from "./order.ts"

/** A row of a search: values by the names of the database's columns. */
export type Row = Record<string, unknown>

/** A page by its number, or after the row with these values of the sorts; from the beginning if there are none. */
export interface RowPage extends Page {
  readonly after?: readonly unknown[] | undefined
}

/** A condition, in the words that suit how much of its rows is read. */
export type Where = (reading: ReadingOf) => SQL | undefined

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
  /** Indexes, by their columns, which end with the key: pages are read from the first that has their order. */
  readonly indexes: readonly (readonly MySqlColumn[])[]
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
  confine: Where,
): Promise<SearchResult> {
  const { table, key } = searchable
  const columns = selectedColumns(table, params.parameters ?? [])
  const where = whereOf(searchable, params.search, confine)
  const counted = () => countedOf(searchable, params.search, confine)
  const sorts = readSorts(table, params.sort)
  if (params.distinct) return await searchDistinct(searchable, { columns, counted, sorts, page })
  return await searchRows(searchable, { columns, where, counted, sorts: endedBy(key, sorts), page })
}

const all: ReadingOf = () => "all"

const whereOf =
  ({ table, dialect }: Searchable, search: readonly SearchSpec[], confine: Where): Where =>
  (reading) =>
    and(searchFilter(table, search, dialect, reading), confine(reading))

/**
 * The condition of all rows. What confines them leaves most, and an equality that is searched for few: for one
 * of the VO, MariaDB would read all of its jobs, although there is an index of the status and site that are
 * searched. An index that begins with the VO serves both.
 */
function countedOf(
  { table, dialect, indexes }: Searchable,
  search: readonly SearchSpec[],
  confine: Where,
): SQL | undefined {
  const confined = new Set<MySqlColumn | undefined>()
  confine((column) => {
    confined.add(column)
    return "all"
  })
  const beside = indexes.filter(([first]) => confined.has(first)).flat()
  const isNarrow = search.some(
    ({ operator, parameter }) =>
      (operator === "eq" || operator === "in") && !beside.some(({ name }) => name === parameter),
  )
  return and(
    searchFilter(table, search, dialect, all),
    confine(() => (isNarrow ? "filtered" : "all")),
  )
}

interface Wanted {
  readonly columns: Record<string, MySqlColumn>
  readonly where: Where
  /** The same, for all rows. */
  readonly counted: () => SQL | undefined
  readonly sorts: readonly Sort[]
  readonly page: RowPage
}

interface Placed {
  readonly row: Row
  /** The values of the sorts. */
  readonly place: Readonly<Record<string, unknown>>
}

async function searchRows(searchable: Searchable, wanted: Wanted): Promise<SearchResult> {
  const { db, table } = searchable
  const { counted, page } = wanted
  const placed: Placed[] =
    page.after === undefined
      ? await numberedRows(searchable, wanted)
      : await rowsAfter(page.after, searchable, wanted)
  const rows = placed.map(({ row }) => row)
  const last = rows.length < page.perPage ? undefined : placed.at(-1)
  const next = last && Object.values(last.place)
  if (page.after !== undefined) return { rows, total: undefined, next }
  const total = await totalOf(page, rows.length, () =>
    db.select({ total: count() }).from(table).where(counted()),
  )
  return { rows, total, next }
}

/** A page's condition, and the order in which an index may give its rows. */
function ordered({ key, indexes }: Searchable, { where, sorts }: Wanted) {
  const equal = new Set<MySqlColumn>()
  where((column) => {
    equal.add(column)
    return "page"
  })
  const leading = leadTo(sorts, { key, indexes, equal })
  const columns = new Set(leading.map(({ column }) => column))
  return {
    condition: where((column) => (columns.has(column) ? "ordered page" : "page")),
    order: orderBy([...leading, ...sorts]),
  }
}

const selectPlaced = ({ db, dialect }: Searchable, { columns, sorts }: Wanted) =>
  db.select({ row: columns, place: placeOf(sorts, dialect) })

/** What comes before a page is passed over in an index, if there is one, and not read as rows. */
async function numberedRows(searchable: Searchable, wanted: Wanted): Promise<Placed[]> {
  const { db, dialect, table, key } = searchable
  const { sorts, page } = wanted
  const { condition, order } = ordered(searchable, wanted)
  const offset = offsetOf(page)
  const select = selectPlaced(searchable, wanted)
  if (offset === 0) {
    const first = select
      .from(table)
      .where(condition)
      .orderBy(...order)
      .limit(page.perPage)
    return await Statements.rowsOf(db, dialect, first)
  }
  const keys = db
    .select({ key })
    .from(table)
    .where(condition)
    .orderBy(...order)
    .limit(page.perPage)
    .offset(offset)
    .as("page")
  // SQLite takes the tables of a cross join in this order; of another it would look at all rows for those of the page.
  const later = select
    .from(keys)
    .crossJoin(table)
    .where(eq(key, keys.key))
    .orderBy(...orderBy(sorts))
  return await Statements.rowsOf(db, dialect, later)
}

async function rowsAfter(
  place: readonly unknown[],
  searchable: Searchable,
  wanted: Wanted,
): Promise<Placed[]> {
  const { sorts, page } = wanted
  const { condition, order } = ordered(searchable, wanted)
  const parts = place.length === 0 ? [undefined] : after(sorts, place, searchable.dialect)
  const rows: Placed[] = []
  for (const part of parts) {
    const left = page.perPage - rows.length
    if (left === 0) break
    const select = selectPlaced(searchable, wanted)
      .from(searchable.table)
      .where(and(condition, part))
      .orderBy(...order)
      .limit(left)
    rows.push(...(await Statements.rowsOf(searchable.db, searchable.dialect, select)))
  }
  return rows
}

/** Rows that differ are sorted by all that they hold; they have no key that a cursor could name. */
async function searchDistinct(
  { db, dialect, table }: Searchable,
  { columns, counted, sorts, page }: Omit<Wanted, "where">,
): Promise<SearchResult> {
  if (page.after !== undefined) throw new InvalidRequestError("A distinct search has no cursor")
  const select = () => db.selectDistinct(columns).from(table).where(counted())
  const found = select()
    .orderBy(...orderBy(sorts), ...Object.values(columns).map((each) => asc(each)))
    .limit(page.perPage)
    .offset(offsetOf(page))
  const rows = await Statements.rowsOf(db, dialect, found)
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
  searchable: Searchable,
  grouping: readonly string[],
  search: readonly SearchSpec[],
  confine: Where,
): Promise<Row[]> {
  const { db, dialect, table } = searchable
  const columns = selectedColumns(table, grouping)
  const summary = db
    .select({ ...columns, count: count() })
    .from(table)
    .where(countedOf(searchable, search, confine))
    .groupBy(...Object.values(columns))
  return await Statements.rowsOf(db, dialect, summary)
}
