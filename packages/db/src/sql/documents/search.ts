import { and, count, eq, gt, gte, lt, lte, or, sql, type SQL } from "drizzle-orm"
import { answered } from "../../documents/document.ts"
import type { DocumentPage, DocumentQuery, Sort, Value } from "../../documents/query.ts"
import type { Queries } from "../queries.ts"
import type { Dialect } from "../dialects/dialect.ts"
import { fieldOf, type DocumentTable } from "./document-table.ts"
import { comparable, documentFilter } from "./filter.ts"

/** Searches a table of documents as OpenSearch would, in one statement and one that counts. */
export async function searchDocuments(
  { db, dialect }: { readonly db: Queries; readonly dialect: Dialect },
  documents: DocumentTable,
  query: DocumentQuery,
): Promise<DocumentPage> {
  const { table, declared, columns, document } = documents
  const { sorts, start, size } = query
  const where = documentFilter(documents, query, dialect)
  const isNumbered = typeof start === "number"
  const offset = isNumbered ? start : 0
  const rows: Record<string, unknown>[] = await db
    .select({ ...columns, ...(document && { [WHOLE]: document }) })
    .from(table)
    .where(and(where, isNumbered ? undefined : after(documents, sorts, start, dialect)))
    .orderBy(...sorts.flatMap((sort) => orderOf(documents, sort, dialect)))
    .limit(size)
    .offset(offset)
  const found = rows.map(({ [WHOLE]: whole, ...fields }): Record<string, unknown> => {
    return { ...fields, ...Object(whole) }
  })
  const last = found.length < size ? undefined : found.at(-1)
  const wanted = new Set(query.fields)
  const total = async () => {
    if (found.length < size && (found.length > 0 || offset === 0)) return offset + found.length
    const [counted] = await db.select({ total: count() }).from(table).where(where)
    return counted?.total
  }
  return {
    documents: found.map((each) => answered(declared, each, wanted)),
    total: isNumbered ? await total() : undefined,
    // Pages are gone through by fields that are texts and numbers.
    next: last && (sorts.map(({ field }) => last[field]) as Value[]),
  }
}

/** No field has this name: none ends with a dot. */
const WHOLE = "document."

/** What comes after a document in the order; an index serves the first comparison. */
function after(
  documents: DocumentTable,
  sorts: readonly Sort[],
  values: readonly Value[],
  dialect: Dialect,
): SQL | undefined {
  if (values.length === 0) return undefined
  const steps = sorts.map((sort, i) => ({
    field: sql`${fieldOf(documents, sort, dialect)}`,
    value: comparable(values[i] ?? ""),
    isAscending: sort.direction === "asc",
  }))
  const beyond = steps.map(({ field, value, isAscending }, i) =>
    and(
      ...steps.slice(0, i).map((before) => eq(before.field, before.value)),
      isAscending ? gt(field, value) : lt(field, value),
    ),
  )
  const [first] = steps
  const bound = first && (first.isAscending ? gte : lte)(first.field, first.value)
  return and(bound, or(...beyond))
}

function orderOf(documents: DocumentTable, sort: Sort, dialect: Dialect): SQL[] {
  const field = fieldOf(documents, sort, dialect)
  const order = sort.direction === "asc" ? sql`${field} asc` : sql`${field} desc`
  return documents.declared.required.includes(sort.field) ? [order] : [sql`${field} is null`, order]
}
