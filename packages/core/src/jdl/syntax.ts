import { excerpt, JdlError } from "./error.ts"
import { isBlankAt, strip } from "./text.ts"

/** `key = value`, as it is written, without the comments before it. */
export interface Statement {
  readonly key: string
  /** Undefined without `=`; a list for a section in brackets. */
  readonly value: string | readonly Statement[] | undefined
  /** A quote that nothing closes takes in all that follows. */
  readonly unterminated?: true
}

const MAX_DEPTH = 20
const KEY_ENDS = new Set("=;[]")
const VALUE_ENDS = new Set(";[]")

/**
 * Reads a job description that begins with `[` and ends with `]`, in one pass.
 * Quotes hide `;`, `[` and `]` in a value, not in a key. What stands behind the first closing bracket is not read.
 * @throws JdlError
 */
export function readStatements(text: string): Statement[] {
  const end = text.length - 1
  let at = 1

  function readSection(depth: number): Statement[] {
    if (depth > MAX_DEPTH) throw new JdlError(`Sections are nested deeper than ${MAX_DEPTH} levels`)
    const statements: Statement[] = []
    for (;;) {
      at = skipComments(text, at, end)
      const key = readUntil(KEY_ENDS)
      let value: string | undefined
      if (text[at] === "=") {
        const start = ++at
        const terminated = skipValue()
        value = text.slice(start, at)
        if (!terminated && depth === 0) {
          statements.push({ key, value, unterminated: true })
          return statements
        }
      }
      if (at >= end && depth > 0) throw new JdlError("A section is opened with [ but is not closed")
      const mark = text[at++]
      if (mark === "]") {
        if (strip(key) !== "" || value !== undefined) statements.push({ key, value })
        return statements
      }
      if (mark === "[") statements.push({ key, value: readSubsection(key, value ?? "", depth) })
      else statements.push({ key, value })
    }
  }

  function readSubsection(key: string, value: string, depth: number): Statement[] {
    const name = strip(key)
    if (name === "") throw new JdlError("Invalid key in JDL")
    if (strip(value) !== "") {
      throw new JdlError(
        `Key ${excerpt(name)} seems to have a value and open a sub JDL at the same time`,
      )
    }
    const statements = readSection(depth + 1)
    const next = skipBlanks(text, at, end)
    if (text[next] === ";") at = next + 1
    return statements
  }

  function readUntil(marks: ReadonlySet<string>): string {
    const start = at
    while (at < end && !marks.has(text.charAt(at))) at++
    return text.slice(start, at)
  }

  /** Whether all quotes are closed. */
  function skipValue(): boolean {
    while (at < end && !VALUE_ENDS.has(text.charAt(at))) {
      if (text[at] === '"') {
        const close = text.indexOf('"', at + 1)
        if (close === -1) {
          at = end
          return false
        }
        at = close
      }
      at++
    }
    return true
  }

  return readSection(0)
}

/** The place behind the comments that begin here; the same place where there are none. */
export function skipComments(text: string, from: number, end: number): number {
  let at = from
  for (;;) {
    const start = skipBlanks(text, at, end)
    if (text[start] === "#" || text.startsWith("//", start)) {
      at = placeBehind(text, "\n", start, end) ?? end
    } else if (text.startsWith("/*", start)) {
      const close = placeBehind(text, "*/", start + 2, end)
      if (close === undefined) throw new JdlError("A comment is opened with /* but is not closed")
      at = close
    } else return at
  }
}

function placeBehind(text: string, mark: string, from: number, end: number): number | undefined {
  const found = text.indexOf(mark, from)
  return found === -1 || found >= end ? undefined : found + mark.length
}

function skipBlanks(text: string, from: number, end: number): number {
  let at = from
  while (at < end && isBlankAt(text, at)) at++
  return at
}
