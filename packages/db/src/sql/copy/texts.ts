import { sql, type SQL } from "drizzle-orm"
import type { DialectName } from "../url.ts"
import type { Kind } from "../layout.ts"

/** How a dialect turns a column into text that loses nothing, and back; undefined where it is text already. */
interface Texts {
  readonly read: Partial<Record<Kind, (column: SQL) => SQL>>
  readonly write: Partial<Record<Kind, (text: string) => SQL>>
}

const asChar = (column: SQL) => sql`cast(${column} as char)`
const asText = (column: SQL) => sql`cast(${column} as text)`
/** libSQL's binding ends a text at its first U+0000, a blob it does not. */
const asBlob = (column: SQL) => sql`cast(${column} as blob)`
const asSigned = (text: string) => sql`cast(${text} as signed)`

/** What is declared as a text first, the driver does not convert in its own way. */
const typed = (type: string) => (text: string) => sql`${text}::text::${sql.raw(type)}`

const TEXTS: Record<DialectName, Texts> = {
  mysql: {
    read: {
      integer: asChar,
      boolean: asChar,
      // To its clients, MariaDB tells a double with a digit too few at times.
      double: asChar,
      decimal: asChar,
      json: asChar,
      datetime: asChar,
      uuid: asChar,
    },
    // Compared with a text, an integer would become a double.
    write: { integer: asSigned, boolean: asSigned },
  },
  postgresql: {
    read: {
      integer: asText,
      boolean: (column) => asText(sql`${column}::int`),
      double: asText,
      decimal: asText,
      json: asText,
      datetime: (column) => sql`to_char(${column}, 'YYYY-MM-DD HH24:MI:SS.US')`,
      uuid: asText,
    },
    write: {
      integer: typed("bigint"),
      boolean: typed("boolean"),
      double: typed("float8"),
      decimal: typed("numeric"),
      json: typed("json"),
      datetime: typed("timestamp"),
      uuid: typed("uuid"),
    },
  },
  sqlite: {
    read: {
      integer: asText,
      boolean: asText,
      decimal: asText,
      text: asBlob,
      json: asBlob,
      datetime: asText,
    },
    write: {
      integer: (text) => sql`cast(${text} as integer)`,
      boolean: (text) => sql`cast(${text} as integer)`,
      // Of a text, SQLite makes the nearest double only nearly always.
      double: (text) => sql`${Number(text)}`,
    },
  },
}

/** Selects a column as text, for `textOf`. */
export const reading = (dialect: DialectName, column: SQL, kind: Kind): SQL =>
  TEXTS[dialect].read[kind]?.(column) ?? column

/** A text as the value that it spells. */
export function writing(dialect: DialectName, text: string | null, kind: Kind): SQL {
  if (text === null) return sql`null`
  return TEXTS[dialect].write[kind]?.(text) ?? sql`${text}`
}

/**
 * What a driver gives for a column that was selected as text.
 * @throws TypeError for bytes that are no UTF-8, which would be changed without a word
 */
export function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === "string") return value
  if (typeof value === "number") return String(value)
  // A driver gives nothing else but bytes.
  return utf8.decode(value as ArrayBuffer)
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
