/** A moment in UTC with microseconds, always as "2026-11-21T08:30:00.000000Z": compares and sorts as text. */
export type Instant = string & { readonly brand: unique symbol }

/** The present moment; enters from a composition root, so that a test can stop it. */
export type Clock = () => Instant

const FORM =
  /^((\d{4})-(\d\d)-(\d\d))[T ]((?:[01]\d|2[0-3])(?::[0-5]\d){2})(?:\.(\d{1,6}))?(?:Z|\+00:00)?$/

/**
 * Reads UTC in ISO 8601 or SQL form; a text without a zone is taken as UTC.
 * @throws RangeError on anything else, and on dates that do not exist
 */
export function instant(text: string): Instant {
  const [, date, year, month, day, time, fraction = ""] = FORM.exec(text) ?? []
  if (!isRealDay(Number(year), Number(month), Number(day))) {
    throw new RangeError(`Not a UTC time: ${text}`)
  }
  return `${date}T${time}.${fraction.padEnd(6, "0")}Z` as Instant
}

/** Without a Date, which takes longer than all else that is done with a time: a search reads hundreds. */
function isRealDay(year: number, month: number, day: number): boolean {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0
  return day >= 1 && day <= days
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
