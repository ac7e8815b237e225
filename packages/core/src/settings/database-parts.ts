import { isIPv6 } from "node:net"

/** How the URL of each type of database begins. */
const SCHEMES = {
  mysql: "mysql+mysql2",
  mariadb: "mariadb+mysql2",
  planetscale: "mysql+planetscale",
  postgresql: "postgresql+postgres",
  sqlite: "sqlite+aiosqlite",
}

/** What SPINOR_DB_TYPE may be. */
export const DATABASE_TYPES = Object.keys(SCHEMES) as (keyof typeof SCHEMES)[]

/** The variables that say in parts what SPINOR_DB_URL says in one. */
export interface DatabaseParts {
  readonly SPINOR_DB_TYPE?: keyof typeof SCHEMES | undefined
  readonly SPINOR_DB_HOST?: string | undefined
  readonly SPINOR_DB_PORT?: number | undefined
  /** For SQLite the path of the file. */
  readonly SPINOR_DB_NAME?: string | undefined
  readonly SPINOR_DB_USER?: string | undefined
  /** Secret. */
  readonly SPINOR_DB_PASSWORD?: string | undefined
  readonly SPINOR_DB_ALLOW_EMPTY_PASSWORD: boolean
}

const SERVER = ["SPINOR_DB_HOST", "SPINOR_DB_NAME", "SPINOR_DB_USER"] as const
const FILE = ["SPINOR_DB_NAME"] as const

/** The names of the parts that are missing, with what is to be said of each; none where no part is set. */
export function missingParts(parts: DatabaseParts): [name: string, message: string][] {
  const { SPINOR_DB_TYPE: type, SPINOR_DB_PASSWORD: password } = parts
  const others = [...SERVER, "SPINOR_DB_PORT", "SPINOR_DB_PASSWORD"] as const
  if (type === undefined) {
    const given = others.find((name) => parts[name] !== undefined)
    return given === undefined ? [] : [["SPINOR_DB_TYPE", `is not set, while ${given} is`]]
  }
  const needed = type === "sqlite" ? FILE : SERVER
  const missing = needed
    .filter((name) => parts[name] === undefined)
    .map((name): [string, string] => [name, `is not set, while SPINOR_DB_TYPE is ${type}`])
  if (type !== "sqlite" && password === undefined && !parts.SPINOR_DB_ALLOW_EMPTY_PASSWORD) {
    missing.push([
      "SPINOR_DB_PASSWORD",
      "is empty; SPINOR_DB_ALLOW_EMPTY_PASSWORD=true allows that",
    ])
  }
  return missing
}

/** The URL that the parts make, of which none is missing; undefined where none is set. Secret. */
export function urlOfParts({
  SPINOR_DB_TYPE: type,
  SPINOR_DB_HOST: host = "",
  SPINOR_DB_PORT: port,
  SPINOR_DB_NAME: name = "",
  SPINOR_DB_USER: user = "",
  SPINOR_DB_PASSWORD: password = "",
}: DatabaseParts): string | undefined {
  if (type === undefined) return undefined
  if (type === "sqlite") return `${SCHEMES[type]}:///${name.split("/").map(encoded).join("/")}`
  const place = `${isIPv6(host) ? `[${host}]` : host}${port === undefined ? "" : `:${port}`}`
  return `${SCHEMES[type]}://${encoded(user)}:${encoded(password)}@${place}/${encoded(name)}`
}

/** As RFC 3986 says, with none of its delimiters left: a space is %20. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
