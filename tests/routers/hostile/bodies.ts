import type { Choices } from "../../support/random.ts"
import { DATES, hostileLiteral, hostileText, JOB_IDS } from "./values.ts"

type Place = readonly string[]

/** Stands where raw text comes; no value of a sample. */
const MARK = "\ue000"

/** A body with something wrong at one of its places, or in its text. */
export function brokenBody(sample: unknown, draw: Choices): string {
  const whole = JSON.stringify(sample)
  switch (draw.below(10)) {
    case 0:
      return brokenText(whole, draw)
    case 1:
      return hostileLiteral(draw)
    case 2:
      return JSON.stringify(changed(sample, placeIn(sample, draw), remove))
    case 3:
    case 4:
      return JSON.stringify(changed(sample, placeIn(sample, draw), rename(hostileKey(draw))))
    default: {
      const marked = JSON.stringify(changed(sample, placeIn(sample, draw), () => MARK))
      return marked.replace(`"${MARK}"`, () => hostileLiteral(draw))
    }
  }
}

/** Cut, doubled, or with something in between. */
function brokenText(text: string, draw: Choices): string {
  const at = draw.below(text.length + 1)
  const [before, after] = [text.slice(0, at), text.slice(at)]
  return draw.pick([
    before,
    text + text,
    `${before}${draw.pick(["{", "}", "[", "]", '"', "\\", ",", ":", "\0", "\ud800", "NaN"])}${after}`,
    `\ufeff${before}`,
    text.replaceAll('"', "'"),
    `${text}//`,
  ])
}

const hostileKey = (draw: Choices): string =>
  draw.pick([hostileText(draw), draw.pick(JOB_IDS), draw.pick(DATES), "__proto__"])

/** Any place of a value, the whole of it seldom. */
function placeIn(value: unknown, draw: Choices): Place {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : []
  if (entries.length === 0) return []
  const [key, inner] = draw.pick(entries)
  return draw.chance(25) ? [key] : [key, ...placeIn(inner, draw)]
}

type Change = (value: unknown) => unknown

/** Says that an entry goes. */
const GONE = Symbol("gone")
const remove: Change = () => GONE

/** Says that an entry gets another key. */
class Renamed {
  readonly key: string
  readonly value: unknown
  constructor(key: string, value: unknown) {
    this.key = key
    this.value = value
  }
}
const rename =
  (key: string): Change =>
  (value) =>
    new Renamed(key, value)

function changed(value: unknown, [key, ...rest]: Place, change: Change): unknown {
  if (key === undefined || typeof value !== "object" || value === null) {
    const whole = change(value)
    return whole === GONE || whole instanceof Renamed ? null : whole
  }
  const entries = Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
    if (name !== key) return [[name, inner]]
    const next = rest.length > 0 ? changed(inner, rest, change) : change(inner)
    if (next === GONE) return []
    return next instanceof Renamed ? [[next.key, next.value]] : [[name, next]]
  })
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries)
}
