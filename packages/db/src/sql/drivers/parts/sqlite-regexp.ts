import type { DatabaseSync, SQLOutputValue } from "node:sqlite"
import { RE2JS } from "re2js"
import { BAD_REGEXP } from "../../dialects/sqlite.ts"

/** Patterns of which a statement asks row by row are compiled once; so many are kept, of some megabytes at worst. */
const COMPILED = 5

/**
 * Teaches a connection SQLite's operator REGEXP and libSQL's `regexpi`, which takes no notice of case. Patterns come
 * from outside: JavaScript's own engine would take for ever for some of them, RE2 takes a time that
 * grows with the text.
 */
export function addRegexp(database: DatabaseSync): void {
  // A dot is any character, as in Lucene, libSQL and PostgreSQL.
  define(database, "regexp", RE2JS.DOTALL)
  define(database, "regexpi", RE2JS.DOTALL | RE2JS.CASE_INSENSITIVE)
}

function define(database: DatabaseSync, name: string, flags: number): void {
  const known = new Map<string, RE2JS>()
  const compiledOnce = (pattern: string): RE2JS => {
    const earlier = known.get(pattern)
    if (earlier !== undefined) return earlier
    const fresh = compiled(pattern, flags)
    if (known.size >= COMPILED) known.clear()
    known.set(pattern, fresh)
    return fresh
  }
  const isFound = (pattern: SQLOutputValue, text: SQLOutputValue): number | null => {
    if (typeof pattern !== "string" || text === null || text instanceof Uint8Array) return null
    return compiledOnce(pattern).test(`${text}`) ? 1 : 0
  }
  database.function(name, { deterministic: true, useBigIntArguments: true }, isFound)
}

function compiled(pattern: string, flags: number): RE2JS {
  try {
    return RE2JS.compile(pattern, flags)
  } catch (error) {
    throw Object.assign(new Error("Invalid regex", { cause: error }), { code: BAD_REGEXP })
  }
}
