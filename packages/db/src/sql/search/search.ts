import { and, asc, count, desc, type SQL } from "drizzle-orm"
import type { MySqlColumn, MySqlTable } from "drizzle-orm/mysql-core"
import { InvalidRequestError } from "@spinor/core/errors"
import type { Page, SearchParams, SearchSpec, SortSpec } from "@spinor/core/models/search"
import type { Queries } from "../queries.ts"
import type { Dialect } from "../dialects/dialect.ts"
import { columnsOf, selectedColumns } from "./columns.ts"
import { searchFilter } from "./filter.ts"

/** A row of a search: values by the names of the database's columns. */
export type Row = Record<string, unknown>

/** A page of a search, and how many rows there are on all pages. */
export interface SearchResult {
  readonly total: number
  readonly rows: Row[]
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
 * Searches a table in one statement, and counts in a second one only when the page does not tell.
 * @param confine what the caller may see; compared exactly, whatever the search says
 * @throws InvalidRequestError for unknown columns and values that cannot be compared
 */
export async function searchTable(
  { db, dialect, table, key }: Searchable,
  { parameters, search, sort, distinct }: SearchParams,
  { page, perPage }: Page,
  confine?: SQL,
): Promise<SearchResult> {
  const columns = selectedColumns(table, parameters ?? [])
  const where = and(searchFilter(table, search, dialect), confine)
  const order = sorts(table, sort)
  const offset = Math.min((page - 1) * perPage, Number.MAX_SAFE_INTEGER)
  const select = () =>
    (distinct ? db.selectDistinct(columns) : db.select(columns)).from(table).where(where)
  const rows = await select()
    .orderBy(...order, ...(distinct ? Object.values(columns) : [key]).map((each) => asc(each)))
    .limit(perPage)
    .offset(offset)
  if (rows.length < perPage && (rows.length > 0 || page === 1)) {
    return { total: offset + rows.length, rows }
  }
  const [counted] = distinct
    ? await db.select({ total: count() }).from(select().as("found"))
    : await db.select({ total: count() }).from(table).where(where)
  return { total: counted?.total ?? 0, rows }
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

function sorts(table: MySqlTable, specs: readonly SortSpec[]): SQL[] {
  const columns = columnsOf(table)
  return specs.map(({ parameter, direction }) => {
    const column = columns.get(parameter)
    if (column === undefined) {
      throw new InvalidRequestError(`Cannot sort by ${parameter}: unknown column`)
    }
    return direction === "asc" ? asc(column) : desc(column)
  })
}
