import { hash } from "node:crypto"
import type { ColumnLayout, Kind } from "../layout.ts"

// A value travels as text: no driver and no number of JavaScript can change it on the way.

/** One value a column, in their order; null for NULL. */
export type Row = readonly (string | null)[]

export interface Exactness {
  /** Loses fractions of a second, because the target's columns have none. */
  readonly cutFractions: boolean
}

/** Of the only decimal type, which is that of DIRAC's order of states. */
const SCALE = 3

/** The one text of a value, however its database spells it; what cannot be read is left as it is. */
const SPELLINGS: Record<Kind, (text: string, exactness: Exactness) => string> = {
  integer: (text) => text,
  boolean: (text) => text,
  double: (text) => String(Number(text)),
  decimal: (text) => Number(text).toFixed(SCALE),
  text: (text) => text,
  json: (text) => text,
  datetime: (text, { cutFractions }) => {
    const [, date, time, fraction = ""] = DATETIME.exec(text) ?? []
    if (date === undefined) return text
    return `${date} ${time}.${(cutFractions ? "" : fraction).padEnd(6, "0")}`
  },
  uuid: (text) => text.replaceAll("-", "").toLowerCase(),
}

const DATETIME = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:Z|\+00:00)?$/

/** A row as it is written. */
export const spelled = (columns: readonly ColumnLayout[], row: Row, exactness: Exactness): Row =>
  columns.map(({ kind }, i) => {
    const text = row[i] ?? null
    return text === null ? null : SPELLINGS[kind](text, exactness)
  })

/** 128 bits of what a spelled row means: of JSON neither the order of keys nor the spaces matter. */
export function digestOf(columns: readonly ColumnLayout[], row: Row): bigint {
  const meant = row.map((text, i) =>
    text !== null && columns[i]?.kind === "json" ? sortedJson(text) : text,
  )
  return BigInt(`0x${hash("sha256", JSON.stringify(meant)).slice(0, 32)}`)
}

function sortedJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text, inOrder))
  } catch {
    return text
  }
}

/** Keeps a number that JavaScript would round as the text that it was. */
function inOrder(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    const integer = context?.source ?? ""
    return /^-?\d+$/.test(integer) ? { integer } : value
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value
  return { fields: Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)) }
}
