import { instant, plusSeconds, type Instant } from "./instant.ts"
import { InvalidRequestError } from "./errors.ts"

/** The half-open time that a date of reduced precision means: "2024-02" is all of that February. */
export interface Period {
  readonly resolution: "year" | "month" | "day" | "hour" | "minute" | "second"
  readonly start: Instant
  readonly end: Instant
}

const FORM =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[ T](\d\d)(?::(\d\d)(?::(\d\d)(?:\.\d{1,6}Z?)?)?)?)?)?)?$/

const SECONDS = { day: 86_400, hour: 3600, minute: 60, second: 1 }

/**
 * Reads a date as a period; fractions of a second are cut, as DiracX does.
 * @throws InvalidRequestError for another form, and for a date that does not exist
 */
export function period(value: string | number): Period {
  const refuse = () =>
    new InvalidRequestError(
      `Cannot parse value=${typeof value === "number" ? value : `'${value}'`}`,
    )
  const match = FORM.exec(String(value))
  if (match === null || typeof value === "number") throw refuse()
  const [, year = "", month = "01", day = "01", hour = "00", minute = "00", second = "00"] = match
  try {
    const start = instant(`${year}-${month}-${day}T${hour}:${minute}:${second}`)
    const resolution = resolutionOf(match)
    // The year 0000 is not a date for any of the databases, nor is what ends after 9999.
    if (year === "0000") throw refuse()
    return { resolution, start, end: instant(endOf(start, resolution)) }
  } catch {
    throw refuse()
  }
}

function resolutionOf([
  ,
  ,
  month,
  day,
  hour,
  minute,
  second,
]: RegExpExecArray): Period["resolution"] {
  if (second !== undefined) return "second"
  if (minute !== undefined) return "minute"
  if (hour !== undefined) return "hour"
  if (day !== undefined) return "day"
  return month === undefined ? "year" : "month"
}

function endOf(start: Instant, resolution: Period["resolution"]): Instant {
  if (resolution !== "year" && resolution !== "month") {
    return plusSeconds(start, SECONDS[resolution])
  }
  const year = Number(start.slice(0, 4))
  const month = Number(start.slice(5, 7))
  const [endYear, endMonth] =
    resolution === "month" && month < 12 ? [year, month + 1] : [year + 1, 1]
  const text = `${String(endYear).padStart(4, "0")}-${String(endMonth).padStart(2, "0")}-01T00:00:00`
  return instant(text)
}
