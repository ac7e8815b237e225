import { and, gt, gte, isNull, lt, not, or, sql, type SQL, type SQLWrapper } from "drizzle-orm"
import type { Condition, DocumentQuery, Range, Test, Value } from "../../documents/query.ts"
import type { Dialect } from "../dialects/dialect.ts"
import { fieldOf, type DocumentTable } from "./document-table.ts"

/** The condition that a query's documents hold. */
export function documentFilter(
  table: DocumentTable,
  { conditions, words, confinement: { vo, numbers } }: DocumentQuery,
  dialect: Dialect,
): SQL | undefined {
  const numberField = { field: table.declared.numberField, type: "long" } as const
  return and(
    ...conditions.map((condition) => conditionOf(table, condition, dialect)),
    ...words.map((word) => containing(table, word, dialect)),
    vo === undefined ? undefined : dialect.exactly(table.vo, vo, "page"),
    numbers && dialect.isOneOf(fieldOf(table, numberField, dialect), numbers),
  )
}

/** A document without the field is as one with another value. */
function conditionOf(
  table: DocumentTable,
  condition: Condition,
  dialect: Dialect,
): SQL | undefined {
  const field = fieldOf(table, condition, dialect)
  const test = testOf(field, condition.test, dialect)
  return condition.negated && test !== undefined ? or(isNull(field), not(test)) : test
}

function testOf(field: SQLWrapper, test: Test, dialect: Dialect): SQL | undefined {
  switch (test.is) {
    case "oneOf":
      if (test.values.length === 0) return NEVER
      // A field has one type, and so have its values.
      return dialect.isOneOf(field, test.values as readonly string[] | readonly number[])
    case "within":
      return test.ranges.length === 0
        ? NEVER
        : or(...test.ranges.map((each) => within(field, each)))
    case "like":
      return dialect.likeExactly(field, test.pattern)
    case "matches": {
      const { source, ignoreCase } = test.pattern
      return dialect.matches(field, ignoreCase ? `(?i)${source}` : source)
    }
  }
}

const NEVER = sql`1 = 0`

const within = (field: SQLWrapper, { from, over, below }: Range): SQL | undefined =>
  and(
    from === undefined ? undefined : gte(sql`${field}`, comparable(from)),
    over === undefined ? undefined : gt(sql`${field}`, comparable(over)),
    below === undefined ? undefined : lt(sql`${field}`, comparable(below)),
  )

/** As a parameter it would have to be of the column's type, which may hold 32 bits only. */
export const comparable = (value: Value): Value | SQL =>
  typeof value === "number" && Math.abs(value) >= 2 ** 31 ? sql.raw(String(value)) : value

function containing({ words }: DocumentTable, word: string, dialect: Dialect): SQL {
  if (words === undefined) return NEVER
  return dialect.likeExactly(words, `% ${word.replaceAll("_", "\\_")} %`)
}
