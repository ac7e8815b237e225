import { isAlias, isScalar, parseDocument, visit, type Document, type ScalarTag } from "yaml"
import { ConfigError } from "./error.ts"
import { Timestamp } from "./values.ts"

// The plain scalars of PyYAML's safe_load, which follows YAML 1.1 but for details: `y` and `1e3` are text.

const integer = (text: string): number => {
  const [, sign, digits = ""] = /^([-+]?)(.*)$/.exec(text.replaceAll("_", "")) ?? []
  const value = digits.includes(":")
    ? sexagesimal(digits)
    : Number(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits || "0")
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is too large an integer`)
  return value === 0 ? 0 : sign === "-" ? -value : value
}

const float = (text: string): number => {
  const [, sign, digits = ""] = /^([-+]?)(.*)$/.exec(text.replaceAll("_", "").toLowerCase()) ?? []
  if (digits === ".nan") return Number.NaN
  const value = digits === ".inf" ? Number.POSITIVE_INFINITY : sexagesimal(digits)
  if (Number.isNaN(value)) throw new RangeError(`${text} is not a number`)
  return sign === "-" ? -value : value
}

const sexagesimal = (digits: string): number =>
  digits.split(":").reduce((sum, part) => sum * 60 + Number(part), 0)

const TIMESTAMP =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(Z|([-+])(\d\d?)(?::?(\d\d))?))?)?$/

const timestamp = (text: string): Timestamp => {
  const [, year, month = "", day = "", hour, minute, second, fraction, zone, sign, hours, minutes] =
    TIMESTAMP.exec(text) ?? []
  const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`
  const time = hour === undefined ? "" : `T${hour.padStart(2, "0")}:${minute}:${second}`
  const at = Date.parse(`${date}${time || "T00:00:00"}Z`)
  if (Number.isNaN(at) || !new Date(at).toISOString().startsWith(date)) {
    throw new RangeError(`${text} is a date that does not exist`)
  }
  const micros = (fraction ?? "").slice(0, 6).padEnd(6, "0")
  const offset = `${hours?.padStart(2, "0")}:${minutes ?? "00"}`
  const suffix = !zone ? "" : !sign || offset === "00:00" ? "Z" : `${sign}${offset}`
  return new Timestamp(`${date}${time}${Number(micros) ? `.${micros}` : ""}${suffix}`)
}

const scalar = (name: string, test: RegExp, resolve: (text: string) => unknown): ScalarTag => ({
  tag: `tag:yaml.org,2002:${name}`,
  default: true,
  test,
  resolve,
})

const TAGS = [
  {
    ...scalar("null", /^(?:~|null|Null|NULL|)$/, () => null),
    identify: (value: unknown) => value === null,
    stringify: () => "null",
  },
  {
    ...scalar(
      "bool",
      /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
      (text) => /^(?:yes|true|on)$/i.test(text),
    ),
    identify: (value: unknown) => typeof value === "boolean",
  },
  {
    ...scalar(
      "int",
      /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][\d_]*)|[-+]?0x[\da-fA-F_]+|[-+]?[1-9][\d_]*(?::[0-5]?\d)+)$/,
      integer,
    ),
    identify: (value: unknown) => Number.isInteger(value),
  },
  {
    ...scalar(
      "float",
      /^(?:[-+]?\d[\d_]*\.[\d_]*(?:[eE][-+]\d+)?|\.\d[\d_]*(?:[eE][-+]\d+)?|[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
      float,
    ),
    identify: (value: unknown) => typeof value === "number",
  },
  { tag: "tag:yaml.org,2002:float", resolve: float } satisfies ScalarTag,
  scalar(
    "timestamp",
    /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::?\d\d)?))?)$/,
    timestamp,
  ),
  {
    tag: "tag:yaml.org,2002:binary",
    resolve: (text: string) => Buffer.from(text, "base64").toString(),
  } satisfies ScalarTag,
  "merge" as const,
  "set" as const,
]

/**
 * Reads a YAML document with its comments, to be edited and written back.
 * @throws ConfigError that says line and column
 */
export function readDocument(text: string): Document {
  const document = parseDocument(text, {
    version: "1.1",
    schema: "failsafe",
    customTags: TAGS,
    uniqueKeys: false,
  })
  const [fault] = [...document.errors, ...document.warnings]
  if (fault) throw unreadable(fault.message.trim())
  visit(document, {
    Pair(_, { key }) {
      if (!isScalar(key) && !isAlias(key)) throw unreadable("a key is a collection")
    },
    Alias(_, alias, ancestors) {
      const target = alias.resolve(document)
      if (!target) throw unreadable(`nothing is named by the alias ${alias.source}`)
      if (ancestors.some((node) => node === target)) {
        throw unreadable(`the alias ${alias.source} points at what it is in`)
      }
    },
  })
  return document
}

/**
 * Reads what PyYAML's `safe_load` reads: mappings as Map, dates as Timestamp.
 * @throws ConfigError that says line and column
 */
export const readYaml = (text: string): unknown =>
  readDocument(text).toJS({ mapAsMap: true, maxAliasCount: -1 })

const unreadable = (reason: string) =>
  new ConfigError([{ path: "", message: `not YAML that can be read: ${reason}` }])
