import type { Condition, DocumentQuery, Range, Sort } from "../documents/query.ts"
import type { DocumentDatabase } from "../documents/database.ts"

type Clause = Readonly<Record<string, unknown>>

/** The body of a search, in OpenSearch's query language. */
export function searchBody(database: DocumentDatabase, query: DocumentQuery): Clause {
  const { conditions, sorts, size, start } = query
  const isNumbered = typeof start === "number"
  return {
    query: {
      bool: {
        filter: [
          ...conditions.filter(({ negated }) => !negated).map(clauseOf),
          ...confining(database, query),
          ...containing(database, query.words),
        ],
        must_not: conditions.filter(({ negated }) => negated).map(clauseOf),
      },
    },
    sort: sorts.map(sortOf),
    _source: sourceOf(query.fields),
    size,
    track_total_hits: isNumbered,
    ...(isNumbered ? { from: start } : start.length > 0 && { search_after: start }),
  }
}

function clauseOf({ field, type, test }: Condition): Clause {
  switch (test.is) {
    case "oneOf":
      return { terms: { [field]: test.values } }
    case "within":
      return anyOf(test.ranges.map((range) => ({ range: { [field]: bounds(range, type) } })))
    case "like":
      // No wildcard query matches an empty text.
      return test.pattern === ""
        ? { term: { [field]: { value: "" } } }
        : { wildcard: { [field]: { value: wildcards(test.pattern) } } }
    case "matches": {
      const { lucene, ignoreCase } = test.pattern
      return { regexp: { [field]: { value: lucene, flags: "NONE", case_insensitive: ignoreCase } } }
    }
  }
}

/** Of no clauses OpenSearch would say that all of them hold. */
const anyOf = (clauses: readonly Clause[]): Clause =>
  clauses.length === 0 ? { match_none: {} } : { bool: { should: clauses, minimum_should_match: 1 } }

const bounds = ({ from, over, below }: Range, type: Condition["type"]): Clause => ({
  ...(from !== undefined && { gte: from }),
  ...(over !== undefined && { gt: over }),
  ...(below !== undefined && { lt: below }),
  ...(type === "date" && { format: "epoch_millis" }),
})

/** LIKE's % and _ are * and ?, which are meant literally where LIKE has them. */
const wildcards = (pattern: string): string =>
  pattern.replaceAll(/\\[\s\S]|[%_*?]/gu, (found) => {
    if (found === "%") return "*"
    if (found === "_") return "?"
    return found.startsWith("\\") ? found : `\\${found}`
  })

/** The VO is told by the index, and exactly by the documents that hold it. */
function confining(
  { fields, numberField }: DocumentDatabase,
  { confinement: { vo, numbers } }: DocumentQuery,
): Clause[] {
  return [
    ...(vo !== undefined && "VO" in fields ? [{ term: { VO: { value: vo } } }] : []),
    ...(numbers === undefined ? [] : [{ terms: { [numberField]: numbers } }]),
  ]
}

function containing({ textField }: DocumentDatabase, words: readonly string[]): Clause[] {
  if (textField === undefined || words.length === 0) return []
  return [{ match: { [textField]: { query: words.join(" "), operator: "and" } } }]
}

const sortOf = ({ field, type, direction }: Sort): Clause => ({
  [field]: { order: direction, missing: "_last", unmapped_type: type },
})

/** Of ASCII without dots and stars, which mean more than themselves: others are missed. */
const PLAIN_NAME = /^[ -)+,\-/-~]{1,100}$/
/** OpenSearch makes one automaton of all names, and fails for thousands. */
const MAX_NAMES = 100

/** The fields that OpenSearch is to leave out are no more than saved time. */
const sourceOf = (fields: readonly string[]): readonly string[] | true => {
  const isPlain = fields.length <= MAX_NAMES && fields.every((name) => PLAIN_NAME.test(name))
  return fields.length === 0 || !isPlain ? true : fields
}
