import type { DialectName } from "../url.ts"

/** What values a column takes, whatever its dialect calls it. */
type Kind =
  | { readonly is: "integer"; readonly bits: number; readonly unsigned: boolean }
  | { readonly is: "text"; readonly characters: number; readonly fixed: boolean }
  | { readonly is: "enum"; readonly values: readonly string[] }
  | { readonly is: "exact"; readonly whole: number; readonly fraction: number }
  | { readonly is: "approximate"; readonly bits: number }
  | { readonly is: "instant"; readonly fraction: number }
  | { readonly is: "boolean" | "json" | "uuid" }

/** Integers by their bits; on SQLite all have 64. */
const BITS: Record<string, number> = {
  tinyint: 8,
  smallint: 16,
  mediumint: 24,
  int: 32,
  integer: 32,
  serial: 32,
  bigint: 64,
  bigserial: 64,
}

/** Texts without a length by the characters that they take at least, four bytes each. */
const CHARACTERS: Record<string, number> = {
  tinytext: 63,
  text: 16_383,
  mediumtext: 4_194_303,
  longtext: 1_073_741_823,
}

/** Of MariaDB's JSON, and of any text on SQLite. */
const LONGEST = CHARACTERS["longtext"] ?? 0

const EXACT_DIGITS_OF_A_DOUBLE = 15

/** Reads a type as the dialect writes it; undefined for one that no column of ours has or could have. */
export function kindOf(type: string, dialect: DialectName): Kind | undefined {
  const plain = type.toLowerCase().replaceAll(/ (unsigned|zerofill|without time zone)/g, "")
  const [, name = "", given = ""] = /^([a-z ]*[a-z])\s*(?:\((.*)\))?$/s.exec(plain) ?? []
  const numbers = given.split(",").map(Number)
  if (name in BITS) {
    const bits = dialect === "sqlite" ? 64 : (BITS[name] ?? 0)
    return { is: "integer", bits, unsigned: /unsigned/i.test(type) }
  }
  if (name in CHARACTERS) {
    const characters = dialect === "mysql" ? (CHARACTERS[name] ?? 0) : LONGEST
    return { is: "text", characters, fixed: false }
  }
  switch (name) {
    case "char":
    case "character":
    case "varchar":
    case "character varying": {
      const characters = dialect === "sqlite" || given === "" ? LONGEST : (numbers[0] ?? 0)
      return { is: "text", characters, fixed: !name.includes("var") }
    }
    case "enum":
      return { is: "enum", values: given.replaceAll("'", "").split(",") }
    case "decimal":
    case "numeric": {
      if (given === "") return { is: "exact", whole: Infinity, fraction: Infinity }
      const [digits = 0, fraction = 0] = numbers
      return { is: "exact", whole: digits - fraction, fraction }
    }
    case "float":
    case "real":
      return { is: "approximate", bits: dialect === "sqlite" ? 53 : 24 }
    case "double":
    case "double precision":
      return { is: "approximate", bits: 53 }
    case "boolean":
      return dialect === "postgresql"
        ? { is: "boolean" }
        : { is: "integer", bits: dialect === "sqlite" ? 64 : 8, unsigned: false }
    case "datetime":
      return { is: "instant", fraction: dialect === "sqlite" ? 6 : (numbers[0] ?? 0) }
    case "timestamp":
      // MySQL's ends in 2038, and moves with the session's zone.
      if (dialect === "mysql") return undefined
      return { is: "instant", fraction: given === "" ? 6 : (numbers[0] ?? 0) }
    case "json":
    case "jsonb":
      return { is: "json" }
    case "uuid":
      return { is: "uuid" }
    default:
      return undefined
  }
}

/** How the values that we write fare in a column of another type. */
export function fits(found: Kind, wanted: Kind): "same" | "wider" | "narrower" {
  if (!holds(found, wanted)) return "narrower"
  return JSON.stringify(found) === JSON.stringify(wanted) || isSpelling(found, wanted)
    ? "same"
    : "wider"
}

/** MariaDB's own type for digits of UUIDs, and the text that stands for JSON there and on SQLite. */
const isSpelling = (found: Kind, wanted: Kind): boolean =>
  (wanted.is === "json" && found.is === "text") || (wanted.is === "text" && found.is === "uuid")

function holds(found: Kind, wanted: Kind): boolean {
  switch (wanted.is) {
    case "integer":
      // Ids and counts are not negative; a priority that is gets a 400.
      return found.is === "integer" && found.bits >= wanted.bits
    case "text":
      if (found.is === "uuid") return wanted.fixed && wanted.characters === 32
      return found.is === "text" && found.characters >= wanted.characters
    case "enum":
      return found.is === "enum"
        ? wanted.values.every((value) => found.values.includes(value))
        : found.is === "text" && wanted.values.every(({ length }) => length <= found.characters)
    case "exact":
      if (found.is === "approximate")
        return found.bits === 53 && wanted.whole + wanted.fraction <= EXACT_DIGITS_OF_A_DOUBLE
      return (
        found.is === "exact" && found.whole >= wanted.whole && found.fraction >= wanted.fraction
      )
    case "approximate":
      // It rounds in any case, and nothing of it is compared for equality.
      return found.is === "approximate"
    case "instant":
      return found.is === "instant" && found.fraction >= wanted.fraction
    case "json":
      return found.is === "json" || (found.is === "text" && found.characters >= LONGEST)
    case "boolean":
    case "uuid":
      return found.is === wanted.is
  }
}
