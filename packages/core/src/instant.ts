/** A moment in UTC with microseconds, always as "2026-11-21T08:30:00.000000Z": compares and sorts as text. */
export type Instant = string & { readonly brand: unique symbol }

/** The present moment; enters from a composition root, so that a test can stop it. */
export type Clock = () => Instant

const FORM = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:Z|\+00:00)?$/

/**
 * Reads UTC in ISO 8601 or SQL form; a text without a zone is taken as UTC.
 * @throws RangeError on anything else, and on dates that do not exist
 */
export function instant(text: string): Instant {
  const [, date, time, fraction = ""] = FORM.exec(text) ?? []
  const whole = `${date}T${time}`
  if (date === undefined || !isRealTime(whole)) throw new RangeError(`Not a UTC time: ${text}`)
  return `${whole}.${fraction.padEnd(6, "0")}Z` as Instant
}

const isRealTime = (text: string): boolean => {
  const at = Date.parse(`${text}Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

/** Milliseconds since 1970, rounded down. */
export const epochMilliseconds = (at: Instant): number => Date.parse(`${at.slice(0, 23)}Z`)

/**
 * The moment so many milliseconds after 1970.
 * @throws RangeError for a year that has not four digits
 */
export function instantOfEpoch(milliseconds: number): Instant {
  const text = new Date(milliseconds).toISOString()
  if (text.length !== 24) throw new RangeError(`Not a UTC time: ${text}`)
  return `${text.slice(0, 23)}000Z` as Instant
}

/** The moment so many seconds later, or earlier if negative. Keeps the microseconds. */
export function plusSeconds(at: Instant, seconds: number): Instant {
  const later = new Date(epochMilliseconds(at) + seconds * 1000).toISOString()
  return `${later.slice(0, 23)}${at.slice(23, 26)}Z` as Instant
}

export const systemClock: Clock = () => instantOfEpoch(Date.now())
