import { readInteger } from "./numbers.ts"
import { readStatements, type Statement } from "./syntax.ts"
import { compareCodePoints, splitElements, strip } from "./text.ts"

/** A job description as names and their expressions; an expression is text as written, or an ad in brackets. */
export type ClassAd = Map<string, Expression>
export type Expression = string | ClassAd

/**
 * Reads a text between brackets, keeping expressions as they are written but for newlines.
 * @throws JdlError
 */
export const readClassAd = (text: string): ClassAd => adOf(readStatements(strip(text)))

/** What stands without `=` belongs to the next name, and none of the ad counts when a `;` follows `=` directly. */
function adOf(statements: readonly Statement[], nested = false): ClassAd {
  const ad: ClassAd = new Map()
  let before = ""
  for (const { key, value } of statements) {
    if (value === "") return new Map()
    if (value === undefined) before += `${key};`
    else {
      const name = strip(before + key)
      before = ""
      ad.set(
        nested ? oneLine(name) : name,
        typeof value === "string" ? oneLine(strip(value)) : adOf(value, true),
      )
    }
  }
  return ad
}

/** DIRAC drops newlines from expressions, also inside quotes. */
export const oneLine = (text: string): string => text.replaceAll("\n", "")

/** The text of an ad: sorted by name, a line an element. */
export const writeClassAd = (ad: ClassAd): string =>
  `[ \n${[...ad]
    .sort(([a], [b]) => compareCodePoints(a, b))
    .map(([name, expression]) => writeEntry(name, expression))
    .join("\n")}\n]`

function writeEntry(name: string, expression: Expression): string {
  if (typeof expression !== "string") {
    return `    ${name} = \n${indent(`${writeClassAd(expression)};`)}`
  }
  if (!expression.startsWith("{")) return `    ${name} = ${expression};`
  const elements = splitElements(expression.slice(1, -1)).map((element) =>
    indent(strip(element), 12),
  )
  return `    ${name} = \n        {\n${elements.join(",\n")}\n        };`
}

function indent(text: string, by = 8): string {
  const blanks = " ".repeat(by)
  return blanks + text.replaceAll("\n", `\n${blanks}`)
}

/** The same ad with every name and expression changed, those of inner ads included. */
export function mapTexts(ad: ClassAd, change: (text: string) => string): ClassAd {
  return new Map(
    [...ad].map(([name, expression]) => [change(name), mapExpression(expression, change)]),
  )
}

/** Whether a text stands in a name or an expression, those of inner ads included. */
export const mentions = (ad: ClassAd, text: string): boolean =>
  [...ad].some(
    ([name, expression]) =>
      name.includes(text) ||
      (typeof expression === "string" ? expression.includes(text) : mentions(expression, text)),
  )

export const mapExpression = (
  expression: Expression,
  change: (text: string) => string,
): Expression =>
  typeof expression === "string" ? change(expression) : mapTexts(expression, change)

/** A value without its quotes; empty where there is none. */
export const textOf = (ad: ClassAd, name: string): string =>
  expressionText(ad.get(name) ?? "").replaceAll('"', "")

export const integerOf = (ad: ClassAd, name: string): bigint | undefined =>
  readInteger(textOf(ad, name))

export const isList = (expression: Expression): boolean =>
  typeof expression === "string" && expression.startsWith("{")

/** The items of a list or of a text with commas, without any space (DIRAC's `getListFromExpression`). */
export function listOf(ad: ClassAd, name: string): string[] {
  const expression = expressionText(ad.get(name) ?? "")
  const inBraces = expression.startsWith("{")
  const text = (inBraces ? expression.slice(1, -1) : expression).replaceAll(" ", "")
  if (inBraces || text.includes("{")) return itemsOf(text)
  const bare = text.replaceAll('"', "")
  return bare === "" ? [] : bare.split(",")
}

/** Items in braces or quotes are kept whole; a comma behind an item is passed over. */
function itemsOf(text: string): string[] {
  const items: string[] = []
  let at = 0
  while (at < text.length) {
    if (text[at] === "{") {
      const close = text.indexOf("}", at)
      const end = close === -1 ? text.length : close + 1
      items.push(text.slice(at, end))
      at = text[end] === "," ? end + 1 : end
    } else if (text[at] === '"') {
      const close = text.indexOf('"', at + 1)
      items.push(close === -1 ? "" : text.slice(at + 1, close))
      const end = close === -1 ? at + 1 : close + 1
      at = text[end] === "," ? end + 1 : end
    } else {
      const comma = text.indexOf(",", at)
      const end = comma === -1 ? text.length : comma
      items.push(text.slice(at, end).replaceAll('"', ""))
      at = end + 1
    }
  }
  return items
}

/** An expression on one line; an inner ad as DIRAC's manifest writes it, without the line ends. */
function expressionText(expression: Expression, level = 1): string {
  if (typeof expression === "string") return expression
  const blanks = "  ".repeat(level)
  const entries = [...expression].map(([name, inner]) =>
    typeof inner === "string"
      ? `${blanks}  ${name} = ${inner};`
      : `${blanks}  ${name} =${blanks}  ${expressionText(inner, level + 1)};`,
  )
  return `[${entries.join("")}${blanks}]`
}
