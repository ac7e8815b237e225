import { describe, expect, it } from "vitest"
import { parseDatabaseUrl } from "@spinor/db/sql/url"

const parse = (url: string, allowEmptyPassword = false) =>
  parseDatabaseUrl(url, "DIRACX_DB_URL_JOBDB", { allowEmptyPassword })

describe("the URL of a server", () => {
  it.each([
    ["mysql+aiomysql://u:p@db.example.org/JobDB", "mysql", 3306],
    ["mysql+asyncmy://u:p@db.example.org:3307/JobDB", "mysql", 3307],
    ["mysql+mysql2://u:p@db.example.org/JobDB?charset=utf8mb4", "mysql", 3306],
    ["mariadb+aiomysql://u:p@db.example.org/JobDB", "mysql", 3306],
    ["postgresql+asyncpg://u:p@db.example.org/JobDB", "postgresql", 5432],
    ["postgresql+postgres://u:p@db.example.org:6543/JobDB", "postgresql", 6543],
    ["mysql+planetscale://u:p@db.example.org/JobDB", "mysql", 443],
    ["MYSQL+AIOMYSQL://u:p@db.example.org/JobDB", "mysql", 3306],
  ])("%s is one of %s on port %d", (url, dialect, port) => {
    expect(parse(url)).toMatchObject({
      dialect,
      port,
      host: "db.example.org",
      user: "u",
      password: "p",
      database: "JobDB",
    })
  })

  it("has its user, password and database percent-encoded", () => {
    const url = "mysql+mysql2://a%40b:p%2Fw%3A%20x@h/d%2De"
    expect(parse(url)).toMatchObject({ user: "a@b", password: "p/w: x", database: "d-e" })
  })

  it("may name an IPv6 host", () => {
    expect(parse("mysql+mysql2://u:p@[::1]:3307/d")).toMatchObject({ host: "::1", port: 3307 })
    expect(parse("mysql+mysql2://u:p@[::1]/d")).toMatchObject({ host: "::1", port: 3306 })
  })

  it("means the same database in two spellings", () => {
    const one = parse("mysql+aiomysql://u:p@h:3306/d")
    expect(parse("mysql+mysql2://u:%70@H/d").identity).toBe(one.identity)
    expect(parse("mysql+mysql2://u:p@h/e").identity).not.toBe(one.identity)
    expect(parse("mysql+mysql2://v:p@h/d").identity).not.toBe(one.identity)
  })

  it.each([
    ["nonsense", "no URL"],
    ["mysql://u:p@h/d", 'no driver for the scheme "mysql"'],
    ["oracle+cx://u:p@h/d", 'no driver for the scheme "oracle+cx"'],
    ["mysql+mysql2://u:s3cret@h:0/d", "the port is not a number from 1 to 65535"],
    ["mysql+mysql2://u:s3cret@h:99999/d", "the port is not a number from 1 to 65535"],
    ["mysql+mysql2://u:s3cret@h:x/d", "the port is not a number from 1 to 65535"],
    ["mysql+mysql2://u:s3cret@h/", "no database name after the host"],
    ["mysql+mysql2://u:s3cret@/d", "no host"],
    ["mysql+mysql2:u:s3cret", "no host"],
    ["mysql+mysql2://u@h/d", "the password is empty"],
    ["mysql+mysql2://u:s3cret%@h/d", "a % that starts no percent-encoded character"],
    ["mysql+mysql2://u:s3cret@h/d?ssl_ca=x", 'the option "ssl_ca" is not supported'],
  ])("%s is refused in one line that names the variable and holds no secret", (url, reason) => {
    const refused = () => parse(url)
    expect(refused).toThrow(`DIRACX_DB_URL_JOBDB: ${reason}`)
    expect(refused).not.toThrow(/s3cret|\n/)
  })

  it("may lack a password where that is allowed", () => {
    expect(parse("mysql+mysql2://u@h/d", true)).toMatchObject({ user: "u", password: "" })
  })
})

describe("the URL of libSQL over HTTP", () => {
  it.each([
    ["libsql://jobs-org.turso.io?authToken=t%2Bk", 443, true, ""],
    ["libsql://:t%2Bk@jobs-org.turso.io", 443, true, ""],
    ["libsql+https://jobs-org.turso.io:8443/?authToken=t%2Bk", 8443, true, ""],
    ["libsql+http://jobs-org.turso.io/dev/jobs?authToken=t%2Bk", 80, false, "dev/jobs"],
  ])("%s is on port %d", (url, port, tls, database) => {
    expect(parse(url)).toMatchObject({
      driver: "libsql-http",
      dialect: "sqlite",
      host: "jobs-org.turso.io",
      port,
      tls,
      database,
      password: "t+k",
    })
  })

  it.each([
    ["libsql://h", "no token; write ?authToken=… after the host"],
    ["libsql://h?authToken=s3cret&tls=0", 'the option "tls" is not supported'],
    ["libsql:h?authToken=s3cret", "no host"],
    ["libsql://h?authToken=s3cret%0A1", "the token holds what no token does"],
    ["libsql://h?authToken=s3cret…", "the token holds what no token does"],
    ["libsql://h:0?authToken=s3cret", "the port is not a number from 1 to 65535"],
  ])("%s is refused in one line without the token", (url, reason) => {
    expect(() => parse(url)).toThrow(`DIRACX_DB_URL_JOBDB: ${reason}`)
    expect(() => parse(url)).not.toThrow(/s3cret/)
  })
})

describe("the URL of a file", () => {
  it.each([
    ["sqlite+aiosqlite:////var/lib/jobs.db", "/var/lib/jobs.db"],
    ["sqlite+aiosqlite:///jobs.db", "jobs.db"],
    ["sqlite+libsql:////a%20b/c.db", "/a b/c.db"],
    ["file:/var/lib/jobs.db", "/var/lib/jobs.db"],
    ["file:///var/lib/jobs.db", "/var/lib/jobs.db"],
    ["sqlite+aiosqlite:///:memory:", ":memory:"],
    ["sqlite+aiosqlite://", ":memory:"],
  ])("%s means %s", (url, database) => {
    expect(parse(url)).toMatchObject({ dialect: "sqlite", database, place: `sqlite:${database}` })
  })
})

it("refuses a path with a % that encodes nothing, in a line that names the variable", () => {
  expect(() => parse("sqlite+aiosqlite:////data/50%.db")).toThrow(
    /^DIRACX_DB_URL_JOBDB: a % that starts no percent-encoded character/,
  )
})

it("means the same file in two spellings of its path", () => {
  const { identity } = parse("sqlite+aiosqlite:////data/jobs.db")
  expect(parse("sqlite+libsql:////data//old/../jobs.db").identity).toBe(identity)
  expect(parse("file:/data/./jobs.db").identity).toBe(identity)
  expect(parse("sqlite+aiosqlite:////data/logs.db").identity).not.toBe(identity)
})
