/** Seconds around the time that a date means, in ISO 8601: they do not belong to it. */
export interface Around {
  readonly before: string
  readonly after: string
}

const FORM = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[ T](\d\d)(?::(\d\d)(?::(\d\d)(?:\.\d+)?)?)?Z?)?)?)?$/

/** Reads a date in UTC, such as 2026-11 for all of that November; undefined if it is none. */
export function aroundDate(text: string): Around | undefined {
  const parts = FORM.exec(text)
    ?.slice(1)
    .flatMap((part) => (part === undefined ? [] : [Number(part)]))
  if (parts === undefined) return undefined
  const start = milliseconds(parts)
  const written = text.replace(" ", "T").replace(/(\.\d+)?Z?$/, "")
  if (!second(start).startsWith(written)) return undefined
  const end = milliseconds([...parts.slice(0, -1), (parts.at(-1) ?? 0) + 1])
  return { before: second(start - 1000), after: second(end) }
}

const milliseconds = ([year = 0, month = 1, day = 1, ...time]: readonly number[]): number => {
  const [hour = 0, minute = 0, second = 0] = time
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

const second = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 19)
