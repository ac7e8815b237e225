import { instantOfEpoch, type Instant } from "./instant.ts"

const FORM =
  /^(\d{4}-\d\d-\d\d)[Tt _](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,6})\d*)?)?\s*(Z|z|[+-]\d\d(?::?\d\d)?)?$/

/** A time that a client wrote: in UTC if it named its zone, else undefined. */
export interface Timestamp {
  readonly at: Instant | undefined
}

const FIRST = Date.parse("0001-01-01T00:00:00Z")

/** Reads ISO 8601 with an offset; undefined when the text is no time. */
export function readTimestamp(text: string): Timestamp | undefined {
  const [, date = "", minutes = "", seconds = "00", fraction = "", zone] =
    FORM.exec(text.trim()) ?? []
  const local = Date.parse(`${date}T${minutes}:${seconds}Z`)
  if (Number.isNaN(local) || new Date(local).toISOString().slice(0, 10) !== date) return undefined
  if (zone === undefined) return { at: undefined }
  const whole = local - offsetMilliseconds(zone)
  // Only these years have four digits.
  if (whole < FIRST || whole > Date.UTC(9999, 11, 31)) return undefined
  const micro = fraction.padEnd(6, "0")
  return { at: `${instantOfEpoch(whole).slice(0, 19)}.${micro}Z` as Instant }
}

function offsetMilliseconds(zone: string): number {
  if (/^z$/i.test(zone)) return 0
  const [, sign = "", hours = "", minutes = "0"] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? []
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}

/** As pydantic writes a time into JSON: without a fraction of nought. */
export const jsonTime = (at: Instant): string =>
  at.endsWith(".000000Z") ? `${at.slice(0, 19)}Z` : at
