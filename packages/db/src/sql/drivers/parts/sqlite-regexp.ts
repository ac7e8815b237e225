import type { DatabaseSync, SQLOutputValue } from "node:sqlite"
import { RE2JS } from "re2js"
import { BAD_REGEXP } from "../../dialects/sqlite.ts"

/** Characters of all patterns of a statement: to compile more of them would stop the process for seconds. */
const MAX_LENGTH = 2000

/**
 * SQLite's operator REGEXP, and libSQL's `regexpi`, which takes no notice of case. Patterns come from
 * outside: JavaScript's own engine would take for ever for some of them, RE2 takes a time that grows
 * with the text.
 */
export class Patterns {
  /** A statement asks for the same ones row by row. */
  readonly #compiled = new Map<string, RE2JS>()
  #length = 0

  /** Teaches a connection both. A dot is any character, as in Lucene, libSQL and PostgreSQL. */
  teach(database: DatabaseSync): void {
    this.#define(database, "regexp", RE2JS.DOTALL)
    this.#define(database, "regexpi", RE2JS.DOTALL | RE2JS.CASE_INSENSITIVE)
  }

  /** Is told before each statement. */
  forget(): void {
    if (this.#compiled.size === 0) return
    this.#compiled.clear()
    this.#length = 0
  }

  #define(database: DatabaseSync, name: string, flags: number): void {
    const isFound = (pattern: SQLOutputValue, text: SQLOutputValue): number | null => {
      if (typeof pattern !== "string" || text === null || text instanceof Uint8Array) return null
      const key = `${name} ${pattern}`
      const compiled = this.#compiled.get(key) ?? this.#compile(key, pattern, flags)
      return compiled.test(`${text}`) ? 1 : 0
    }
    database.function(name, { deterministic: true, useBigIntArguments: true }, isFound)
  }

  #compile(key: string, pattern: string, flags: number): RE2JS {
    this.#length += pattern.length
    if (this.#length > MAX_LENGTH) throw refused(`More than ${MAX_LENGTH} characters of regex`)
    try {
      const compiled = RE2JS.compile(pattern, flags)
      this.#compiled.set(key, compiled)
      return compiled
    } catch (cause) {
      throw refused("Invalid regex", { cause })
    }
  }
}

const refused = (message: string, options?: ErrorOptions): Error =>
  Object.assign(new Error(message, options), { code: BAD_REGEXP })
