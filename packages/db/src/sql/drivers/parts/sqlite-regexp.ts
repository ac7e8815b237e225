import type { DatabaseSync, SQLOutputValue } from "node:sqlite"
import { RE2JS } from "re2js"
import { BAD_REGEXP } from "../../dialects/sqlite.ts"

/**
 * Teaches a connection SQLite's operator REGEXP and libSQL's `regexpi`, which takes no notice of case. Patterns come
 * from outside: JavaScript's own engine would take for ever for some of them, RE2 takes a time that
 * grows with the text.
 */
export function addRegexp(database: DatabaseSync): void {
  define(database, "regexp", 0)
  define(database, "regexpi", RE2JS.CASE_INSENSITIVE)
}

function define(database: DatabaseSync, name: string, flags: number): void {
  // A statement asks for the same pattern row by row.
  let last: { pattern: string; compiled: RE2JS } | undefined
  const isFound = (pattern: SQLOutputValue, text: SQLOutputValue): number | null => {
    if (typeof pattern !== "string" || text === null || text instanceof Uint8Array) return null
    if (last?.pattern !== pattern) last = { pattern, compiled: compiled(pattern, flags) }
    return last.compiled.matcher(`${text}`).find() ? 1 : 0
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
