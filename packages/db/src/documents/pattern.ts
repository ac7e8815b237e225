import { InvalidRequestError } from "@spinor/core/errors"

/** A regular expression that every store of documents reads alike. */
export interface Pattern {
  /** Without the flag. */
  readonly source: string
  readonly ignoreCase: boolean
  /** In Lucene's syntax, which matches the whole of a text and has no anchors. */
  readonly lucene: string
}

const FLAG = "(?i)"
/** What OpenSearch takes (index.max_regex_length), with room for what is added. */
export const MAX_PATTERN = 900

/** What Lucene reads as an operator and others as a character. */
const LUCENE_ONLY = /["#@&<>~{}]/
/** One element: an escape, a class, a repetition, or a character. */
const ELEMENT = /\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\{\d+(?:,\d*)?\}|[\s\S]/gu
/** Escapes that mean the same everywhere: punctuation, and classes of characters. */
const PLAIN_ESCAPE = /^\\(?:[^\p{L}\p{N}]|[dwsDWS])$/u

/**
 * Reads a regular expression that is found anywhere in a text, unless ^ and $ bind it.
 * @throws InvalidRequestError for what is no such expression, and for what only some engines know:
 * look-around, lazy repetition, groups with names or flags, references, escapes of other letters
 */
export function readPattern(text: string): Pattern {
  const ignoreCase = text.startsWith(FLAG)
  const source = ignoreCase ? text.slice(FLAG.length) : text
  try {
    RegExp(source)
  } catch {
    throw new InvalidRequestError(`Invalid regex ${text}`)
  }
  if (source.length > MAX_PATTERN) refuse(`more than ${MAX_PATTERN} characters`)
  const alternatives = alternativesOf(source)
  return {
    // libSQL takes a ^ at the very beginning for one of all alternatives.
    source:
      alternatives.length === 1
        ? source
        : alternatives.map((each) => `(${each.join("")})`).join("|"),
    ignoreCase,
    lucene: alternatives.map(anchored).join("|"),
  }
}

/** The expressions that | separates outside of all groups, as lists of elements. */
function alternativesOf(source: string): string[][] {
  const found: string[][] = [[]]
  let depth = 0
  for (const element of source.match(ELEMENT) ?? []) {
    if (element === "(") depth++
    if (element === ")") depth--
    if (element === "|" && depth === 0) found.push([])
    else found.at(-1)?.push(element)
  }
  return found
}

function anchored(elements: readonly string[]): string {
  const begins = elements[0] === "^"
  const ends = elements.length > 1 && elements.at(-1) === "$"
  const inner = elements.slice(begins ? 1 : 0, ends ? -1 : undefined)
  const body = inner.map((element, i) => translated(element, inner[i - 1], inner[i + 1])).join("")
  return `${begins ? "" : ".*"}(${body})${ends ? "" : ".*"}`
}

function translated(element: string, before?: string, after?: string): string {
  if (element === "^" || element === "$") refuse("^ and $ but at its ends")
  if (element === "(" && after === "?") refuse("groups that begin with (?")
  if (isRepetition(element) && before !== undefined && isRepetition(before)) {
    refuse("lazy and possessive repetition")
  }
  if (element.startsWith("\\")) {
    if (!PLAIN_ESCAPE.test(element)) refuse(`escape ${element}`)
    return element
  }
  if (element.startsWith("[")) return translatedClass(element)
  if (isRepetition(element)) return element
  return LUCENE_ONLY.test(element) ? `\\${element}` : element
}

const isRepetition = (element: string): boolean => /^(?:[*+?]|\{.+\})$/.test(element)

function translatedClass(element: string): string {
  if (/^\[\^?\]$/.test(element)) refuse("empty classes")
  if (/\[[:.=]/.test(element.slice(1))) refuse("POSIX classes such as [:alpha:]")
  const inner = element.slice(1, -1).match(/\\[\s\S]|[\s\S]/gu) ?? []
  for (const each of inner) {
    if (each.startsWith("\\") && !PLAIN_ESCAPE.test(each)) refuse(`escape ${each}`)
  }
  const escaped = inner.map((each) => (each.length === 1 && /["[]/.test(each) ? `\\${each}` : each))
  return `[${escaped.join("")}]`
}

function refuse(what: string): never {
  throw new InvalidRequestError(`A regex for documents knows no ${what}`)
}
