const OTHER_BLANKS = new Set(
  "\x85\xA0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000",
)

/** Whether Python's `str.strip()` takes away the character there: other than `trim()`'s in the details. */
export function isBlankAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code >= 0x1c
  return code >= 0x85 && OTHER_BLANKS.has(text.charAt(at))
}

/** Python's `str.strip()`. */
export function strip(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlankAt(text, start)) start++
  while (start < end && isBlankAt(text, end - 1)) end--
  return text.slice(start, end)
}

/** The stripped items of a list with commas, without the empty ones (DIRAC's `List.fromChar`). */
export const splitList = (text: string): string[] =>
  text
    .split(",")
    .map(strip)
    .filter((item) => item !== "")

/**
 * The elements between the braces of a JDL list, as they are written.
 * A comma inside an element that begins with a quote is text, where DIRAC cuts.
 */
export function splitElements(text: string): string[] {
  const elements: string[] = []
  let pending: string[] = []
  let inQuotes = false
  for (const piece of text.split(",")) {
    if (pending.length > 0 || strip(piece).startsWith('"')) {
      pending.push(piece)
      if (hasOddQuotes(piece)) inQuotes = !inQuotes
      if (inQuotes) continue
      elements.push(pending.join(","))
      pending = []
    } else elements.push(piece)
  }
  if (pending.length > 0) elements.push(pending.join(","))
  return elements
}

const hasOddQuotes = (text: string): boolean => text.split('"').length % 2 === 0

/** Orders by code point, as Python does; `<` compares UTF-16 units and puts emoji before U+E000. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  let at = 0
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++
  if (at === length) return a.length - b.length
  return rank(a.charCodeAt(at)) - rank(b.charCodeAt(at))
}

/** Moves surrogates behind all other units. */
const rank = (unit: number): number => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x2000 : unit)
