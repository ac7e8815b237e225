import { createHash } from "node:crypto"
import { resolve } from "node:path"

/** A dialect of SQL; the name of its folder in `migrations/`. */
export type DialectName = "mysql" | "postgresql" | "sqlite"

export type DriverName = "sqlite-file" | "libsql-http" | "mysql2" | "planetscale" | "postgres"

/** A database URL, taken apart. Holds a secret: print `place`, never the rest. */
export interface DatabaseUrl {
  readonly dialect: DialectName
  readonly driver: DriverName
  /** Equal for two URLs that mean the same database; a digest, safe to show. */
  readonly identity: string
  /** Where the database is, without its credentials: "mysql://db.example.org:3306/jobs". */
  readonly place: string
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  /** Name of the database, or for SQLite the path of the file; ":memory:" if there is none. */
  readonly database: string
  /** Whether a driver that speaks HTTP does so over TLS. */
  readonly tls: boolean
}

/** A database URL that cannot be used. The message names the variable and holds no secret. */
export class DatabaseUrlError extends Error {
  override readonly name = "DatabaseUrlError"
}

const DRIVERS: Record<string, [DialectName, DriverName]> = {
  "mysql+aiomysql": ["mysql", "mysql2"],
  "mysql+asyncmy": ["mysql", "mysql2"],
  "mysql+mysql2": ["mysql", "mysql2"],
  "mysql+planetscale": ["mysql", "planetscale"],
  "mariadb+aiomysql": ["mysql", "mysql2"],
  "mariadb+asyncmy": ["mysql", "mysql2"],
  "mariadb+mysql2": ["mysql", "mysql2"],
  "sqlite+aiosqlite": ["sqlite", "sqlite-file"],
  "sqlite+libsql": ["sqlite", "sqlite-file"],
  file: ["sqlite", "sqlite-file"],
  libsql: ["sqlite", "libsql-http"],
  "libsql+https": ["sqlite", "libsql-http"],
  "libsql+http": ["sqlite", "libsql-http"],
  "postgresql+asyncpg": ["postgresql", "postgres"],
  "postgresql+psycopg": ["postgresql", "postgres"],
  "postgresql+postgres": ["postgresql", "postgres"],
}

type ServerDriver = Exclude<DriverName, "sqlite-file">

const PORTS: Record<ServerDriver, number> = {
  "libsql-http": 443,
  mysql2: 3306,
  planetscale: 443,
  postgres: 5432,
}

/** Options of SQLAlchemy's drivers that change nothing here: the charset is always utf8mb4. */
const HARMLESS_OPTIONS = new Set(["charset", "autocommit", "local_infile"])

/**
 * Reads the database URL that a variable holds, in SQLAlchemy's spelling or ours.
 * @throws DatabaseUrlError in one line that names the variable
 */
export function parseDatabaseUrl(
  text: string,
  variable: string,
  { allowEmptyPassword = false }: { allowEmptyPassword?: boolean } = {},
): DatabaseUrl {
  const refuse = (reason: string) => new DatabaseUrlError(`${variable}: ${reason}`)
  const [, scheme, rest = ""] = /^([a-z0-9+]+):(.*)$/is.exec(text.trim()) ?? []
  const known = DRIVERS[scheme?.toLowerCase() ?? ""]
  if (scheme === undefined || known === undefined) {
    const names = Object.keys(DRIVERS).join(", ")
    const what = scheme === undefined ? "no URL" : `no driver for the scheme "${scheme}"`
    throw refuse(`${what}; use one of ${names}`)
  }
  const [dialect, driver] = known
  if (driver === "sqlite-file") return fileUrl(scheme, rest, refuse)
  const refusal = { refuse, allowEmptyPassword }
  return driver === "libsql-http"
    ? libsqlUrl(scheme, rest, refusal)
    : serverUrl(dialect, driver, rest, refusal)
}

/** SQLAlchemy counts slashes: three before a relative path, four before an absolute one; `file:` is RFC 8089. */
function fileUrl(scheme: string, rest: string, refuse: Refusal["refuse"]): DatabaseUrl {
  const written =
    scheme === "file"
      ? rest.replace(/^\/\/(?=\/)/, "")
      : rest.replace(/^\/\//, "").replace(/^\//, "")
  const path = decoded(written.replace(/\?.*$/s, ""), refuse)
  const database = path === "" || path === ":memory:" ? ":memory:" : path
  return {
    dialect: "sqlite",
    driver: "sqlite-file",
    // Two spellings of one path would be two writers, which wait for one another.
    identity: digest(`sqlite:${database === ":memory:" ? database : resolve(database)}`),
    place: `sqlite:${database}`,
    host: "",
    port: 0,
    user: "",
    password: "",
    database,
    tls: false,
  }
}

/** A path as a URL holds it, whatever its folders are named. */
export const encodedPath = (path: string): string =>
  path.split("/").map(encodeURIComponent).join("/")

interface Refusal {
  readonly refuse: (reason: string) => DatabaseUrlError
  readonly allowEmptyPassword: boolean
}

function serverUrl(
  dialect: DialectName,
  driver: ServerDriver,
  rest: string,
  { refuse, allowEmptyPassword }: Refusal,
): DatabaseUrl {
  const { url: parsed, host, port = PORTS[driver] } = placeOf(rest, refuse)
  const database = decoded(parsed.pathname.slice(1), refuse)
  if (database === "") throw refuse("no database name after the host")
  const password = decoded(parsed.password, refuse)
  if (password === "" && !allowEmptyPassword) {
    throw refuse("the password is empty; SPINOR_DB_ALLOW_EMPTY_PASSWORD=true allows that")
  }
  refuseOptions(parsed, HARMLESS_OPTIONS, refuse)
  const user = decoded(parsed.username, refuse)
  return {
    dialect,
    driver,
    identity: digest(JSON.stringify([dialect, host, port, user, password, database])),
    place: `${dialect}://${parsed.hostname}:${port}/${database}`,
    host,
    port,
    user,
    password,
    database,
    tls: !isLoopback(host),
  }
}

const TOKEN = "authToken"

/** The token is the password, or an option as Turso writes it; the path names a database, if there are several. */
function libsqlUrl(
  scheme: string,
  rest: string,
  { refuse, allowEmptyPassword }: Refusal,
): DatabaseUrl {
  const tls = scheme.toLowerCase() !== "libsql+http"
  const { url: parsed, host, port = tls ? PORTS["libsql-http"] : 80 } = placeOf(rest, refuse)
  refuseOptions(parsed, new Set([TOKEN]), refuse)
  const token = parsed.searchParams.get(TOKEN) ?? decoded(parsed.password, refuse)
  if (token === "" && !allowEmptyPassword) {
    throw refuse(
      `no token; write ?${TOKEN}=… after the host, or set SPINOR_DB_ALLOW_EMPTY_PASSWORD=true`,
    )
  }
  // The client would say it with the token in its error.
  if (!/^[\x21-\x7e]*$/.test(token))
    throw refuse("the token holds what no token does, such as a line break or …")
  const database = decoded(parsed.pathname.slice(1), refuse)
  return {
    dialect: "sqlite",
    driver: "libsql-http",
    identity: digest(JSON.stringify(["libsql", host, port, token, database])),
    place: `libsql://${parsed.hostname}:${port}/${database}`,
    host,
    port,
    user: "",
    password: token,
    database,
    tls,
  }
}

interface Place {
  readonly url: URL
  readonly host: string
  /** As it is written: `http:` would drop 80. */
  readonly port: number | undefined
}

/** The authority ends at the first slash; what follows its last @ is the host and perhaps a port. */
function placeOf(rest: string, refuse: Refusal["refuse"]): Place {
  const authority = rest.slice(2).replace(/[/?#].*$/s, "")
  const port = /:([^:\]]*)$/.exec(authority.slice(authority.lastIndexOf("@") + 1))?.[1]
  if (port !== undefined && !(/^\d+$/.test(port) && Number(port) > 0 && Number(port) < 65_536)) {
    throw refuse("the port is not a number from 1 to 65535")
  }
  const parsed = URL.parse(`http:${rest}`)
  if (!rest.startsWith("//") || parsed === null || parsed.hostname === "") {
    throw refuse("no host; write scheme://user:password@host:port/database")
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, "")
  return { url: parsed, host, port: port === undefined ? undefined : Number(port) }
}

function refuseOptions(parsed: URL, known: ReadonlySet<string>, refuse: Refusal["refuse"]): void {
  const option = [...parsed.searchParams.keys()].find((name) => !known.has(name))
  if (option === undefined) return
  const instead = /^(ssl|tls)/i.test(option) ? "; set SPINOR_DB_TLS_MODE and SPINOR_DB_TLS_CA" : ""
  throw refuse(`the option "${option}" is not supported${instead}`)
}

/** Whether a host is this machine. */
const isLoopback = (host: string): boolean => /^(127(\.\d+){3}|::1|localhost)$/.test(host)

function decoded(text: string, refuse: Refusal["refuse"]): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw refuse("a % that starts no percent-encoded character; write %25")
  }
}

const digest = (text: string): string =>
  createHash("sha256").update(text).digest("hex").slice(0, 16)
