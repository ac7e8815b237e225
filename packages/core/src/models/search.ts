import * as z from "zod"
import { boolean, integer, nullable, nullableText, text } from "./lax.ts"

const SCALAR_OPERATORS = ["eq", "neq", "gt", "lt", "like", "not like", "regex"] as const
const VECTOR_OPERATORS = ["in", "not in"] as const

/** Compares a column with one value. */
const ScalarSearchOperator = z
  .enum(SCALAR_OPERATORS, "Input should be 'eq', 'neq', 'gt', 'lt', 'like', 'not like' or 'regex'")
  .meta({ id: "ScalarSearchOperator" })

/** Compares a column with several values. */
const VectorSearchOperator = z
  .enum(VECTOR_OPERATORS, "Input should be 'in' or 'not in'")
  .meta({ id: "VectorSearchOperator" })

const Value = z.union([text, integer])

const ScalarSearchSpec = z
  .object({ parameter: text, operator: ScalarSearchOperator, value: Value })
  .meta({ id: "ScalarSearchSpec" })

const VectorSearchSpec = z
  .object({
    parameter: text,
    operator: VectorSearchOperator,
    // What DiracX accepts, a mixture too, where its document says that all are of one type.
    values: z.array(Value, "Input should be a valid list").meta({
      openapi: {
        anyOf: [
          { type: "array", items: { type: "string" } },
          { type: "array", items: { type: "integer" } },
        ],
      },
    }),
  })
  .meta({ id: "VectorSearchSpec" })

/** A condition of a search; all conditions must hold. Column names are those of the database. */
export const SearchSpec = z.union([ScalarSearchSpec, VectorSearchSpec])
export type SearchSpec = z.output<typeof SearchSpec>

const SortDirection = z
  .enum(["asc", "desc"], "Input should be 'asc' or 'desc'")
  .meta({ id: "SortDirection" })

export const SortSpec = z
  .object({ parameter: text, direction: SortDirection })
  .meta({ id: "SortSpec" })
export type SortSpec = z.output<typeof SortSpec>

const list = <S extends z.ZodType>(item: S) => z.array(item, "Input should be a valid list")

/** What SQLite can nest, with room for what each condition becomes. */
const MAX_CONDITIONS = 100

/** The limit is not in DiracX's document, so it is none of the schema. */
const atMost = <S extends z.ZodArray>(schema: S) =>
  schema.refine(
    (items) => items.length <= MAX_CONDITIONS,
    `List should have at most ${MAX_CONDITIONS} items after validation`,
  )

export const SearchParams = z
  .object({
    /** The columns to give; all of them if there are none. */
    parameters: nullable(list(text)),
    search: atMost(list(SearchSpec)).default([]),
    sort: atMost(list(SortSpec)).default([]),
    distinct: boolean.default(false),
  })
  .meta({ id: "SearchParams" })
export type SearchParams = z.output<typeof SearchParams>

/** A search of documents, such as the parameters of jobs; fields that none has declared can only be asked for. */
export const DocumentSearchParams = z
  .object({
    /** The fields to give; all of them if there are none. */
    parameters: nullable(list(text)),
    search: atMost(list(SearchSpec)).default([]),
    sort: atMost(list(SortSpec)).default([]),
  })
  .meta({ id: "DocumentSearchParams", "x-spinor": true })
export type DocumentSearchParams = z.output<typeof DocumentSearchParams>

/** A search of logs: all words of the text occur in a line, in whatever order and case. */
export const LogSearchParams = DocumentSearchParams.extend({
  text: nullableText,
}).meta({ id: "LogSearchParams", "x-spinor": true })
export type LogSearchParams = z.output<typeof LogSearchParams>

export const SummaryParams = z
  .object({ grouping: list(text), search: atMost(list(SearchSpec)).default([]) })
  .meta({ id: "SummaryParams" })
export type SummaryParams = z.output<typeof SummaryParams>

export const MAX_PER_PAGE = 10_000

export interface Page {
  /** Counted from 1. */
  readonly page: number
  readonly perPage: number
}

/** A page by its number, or by the cursor that the page before it gave; an empty one begins. */
export interface PageRequest extends Page {
  readonly cursor: string | undefined
}
