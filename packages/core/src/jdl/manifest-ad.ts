import { type ClassAd, oneLine } from "./class-ad.ts"
import { isSection, type Manifest, type Option } from "./manifest.ts"
import { isNumber } from "./numbers.ts"
import { strip } from "./text.ts"

/** Attributes whose commas do not make a list. */
const NEVER_LISTS = new Set(["Arguments", "Executable", "StdOutput", "StdError"])

/** The ad of a manifest: numbers bare, other texts in quotes, two items or more as a list. */
export const classAdOf = (manifest: Manifest): ClassAd =>
  new Map(
    [...manifest].map(([name, entry]) => [
      name,
      isSection(entry) ? inner(classAdOf(entry)) : expressionOf(name, entry),
    ]),
  )

const inner = (ad: ClassAd): ClassAd =>
  new Map([...ad].map(([name, expression]) => [oneLine(name), expression]))

function expressionOf(name: string, { text, items }: Option): string {
  const isList = items.length > 1 || items.some((item) => item.includes(","))
  const expression =
    isList && !NEVER_LISTS.has(name)
      ? `{${items.map((item) => `    ${literal(item)}`).join(",")}  }`
      : literal(text)
  return strip(oneLine(expression))
}

const literal = (text: string): string => (isNumber(text) ? text : `"${text}"`)
