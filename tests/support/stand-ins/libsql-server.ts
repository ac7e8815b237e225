import { randomUUID } from "node:crypto"
import { createRequire } from "node:module"
import { serveJson, type Answer } from "./http-server.ts"

/** The engine of @libsql/client's files, which has no types: a database of better-sqlite3's form. */
interface Database {
  readonly inTransaction: boolean
  exec(sql: string): void
  prepare(sql: string): Statement
  close(): void
}

interface Statement {
  readonly reader: boolean
  safeIntegers(on: boolean): Statement
  raw(on: boolean): Statement
  columns(): { name: string; type: string | null }[]
  all(...args: unknown[][]): unknown[][]
  run(...args: unknown[][]): { changes: bigint | number; lastInsertRowid: bigint | number }
}

const require = createRequire(createRequire(import.meta.url).resolve("@libsql/client/sqlite3"))
const Database = require("libsql") as new (file: string) => Database

type Value =
  | { type: "null" }
  | { type: "integer"; value: string }
  | { type: "float"; value: number }
  | { type: "text"; value: string }
  | { type: "blob"; base64: string }

interface Stmt {
  sql?: string
  sql_id?: number
  args?: Value[]
}

type Condition =
  | { type: "ok" | "error"; step: number }
  | { type: "not"; cond: Condition }
  | { type: "and" | "or"; conds: Condition[] }
  | { type: "is_autocommit" }

interface Step {
  stmt: Stmt
  condition?: Condition | null
}

type StreamRequest =
  | { type: "close" | "get_autocommit" }
  | { type: "execute"; stmt: Stmt }
  | { type: "batch"; batch: { steps: Step[] } }
  | { type: "sequence"; sql: string }
  | { type: "store_sql"; sql_id: number; sql: string }
  | { type: "close_sql"; sql_id: number }

/** As sqld: a stream that nobody continues is rolled back. */
const IDLE_MS = 10_000

/**
 * Stands in for sqld and Turso, of which there is no server to install: Hrana over HTTP (version 2
 * and 3, JSON) before the real libSQL engine and a file.
 */
export async function startLibsqlServer(file: string, token: string) {
  const setUp = new Database(file)
  setUp.exec("PRAGMA journal_mode = WAL")
  setUp.close()
  const streams = new Map<string, Stream>()

  const take = (baton: string | null | undefined): Stream | undefined => {
    if (typeof baton !== "string") return new Stream(file)
    const stream = streams.get(baton)
    streams.delete(baton)
    return stream
  }
  const keep = (stream: Stream): string => {
    const baton = randomUUID()
    streams.set(baton, stream)
    stream.expire(IDLE_MS, () => streams.delete(baton))
    return baton
  }
  const pipeline = (body: unknown): Answer => {
    const { baton, requests } = body as { baton?: string | null; requests: StreamRequest[] }
    const stream = take(baton)
    if (stream === undefined) return [400, { error: "The stream has expired" }]
    const results = requests.map((request) => stream.respond(request))
    return [200, { baton: stream.isClosed ? null : keep(stream), base_url: null, results }]
  }

  const server = await serveJson(async ({ method, url, headers }, body) => {
    if (headers.authorization !== `Bearer ${token}`) return [401, { error: "Unauthorized" }]
    if (method === "GET") return [/^\/v[23]$/.test(url ?? "") ? 200 : 404, {}]
    return /^\/v[23]\/pipeline$/.test(url ?? "") ? pipeline(body) : [404, {}]
  })
  return {
    port: server.port,
    close() {
      server.close()
      for (const stream of streams.values()) stream.close()
    },
  }
}

/** A connection to the file; its requests come one after the other. */
class Stream {
  readonly #database: Database
  readonly #stored = new Map<number, string>()
  #timer: NodeJS.Timeout | undefined
  isClosed = false

  constructor(file: string) {
    this.#database = new Database(file)
    this.#database.exec("PRAGMA foreign_keys = ON")
  }

  expire(after: number, then: () => void): void {
    this.#timer = setTimeout(() => {
      then()
      this.close()
    }, after).unref()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.isClosed = true
    if (this.#database.inTransaction) this.#database.exec("ROLLBACK")
    this.#database.close()
  }

  respond(request: StreamRequest): unknown {
    clearTimeout(this.#timer)
    try {
      return { type: "ok", response: { type: request.type, ...this.#answer(request) } }
    } catch (error) {
      return { type: "error", error: errorOf(error) }
    }
  }

  #answer(request: StreamRequest): object {
    switch (request.type) {
      case "close":
        this.close()
        return {}
      case "execute":
        return { result: this.#execute(request.stmt) }
      case "batch":
        return { result: this.#batch(request.batch.steps) }
      case "sequence":
        this.#database.exec(request.sql)
        return {}
      case "store_sql":
        this.#stored.set(request.sql_id, request.sql)
        return {}
      case "close_sql":
        this.#stored.delete(request.sql_id)
        return {}
      case "get_autocommit":
        return { is_autocommit: !this.#database.inTransaction }
    }
  }

  #execute({ sql, sql_id: id = -1, args = [] }: Stmt): object {
    const statement = this.#database.prepare(sql ?? this.#stored.get(id) ?? "").safeIntegers(true)
    const bound = args.length === 0 ? [] : [args.map(decoded)]
    if (!statement.reader) {
      const { changes, lastInsertRowid } = statement.run(...bound)
      return resultOf([], [], { changes, lastInsertRowid })
    }
    const columns = statement.columns().map(({ name, type }) => ({ name, decltype: type }))
    const rows = statement.raw(true).all(...bound)
    return resultOf(columns, rows, { changes: 0, lastInsertRowid: 0 })
  }

  #batch(steps: readonly Step[]): object {
    const results: unknown[] = steps.map(() => null)
    const errors: unknown[] = steps.map(() => null)
    const holds = (condition: Condition): boolean => {
      switch (condition.type) {
        case "ok":
          return results[condition.step] !== null
        case "error":
          return errors[condition.step] !== null
        case "not":
          return !holds(condition.cond)
        case "and":
          return condition.conds.every(holds)
        case "or":
          return condition.conds.some(holds)
        case "is_autocommit":
          return !this.#database.inTransaction
      }
    }
    steps.forEach(({ stmt, condition }, i) => {
      if (condition && !holds(condition)) return
      try {
        results[i] = this.#execute(stmt)
      } catch (error) {
        errors[i] = errorOf(error)
      }
    })
    return { step_results: results, step_errors: errors }
  }
}

const resultOf = (
  cols: object[],
  rows: unknown[][],
  { changes, lastInsertRowid }: ReturnType<Statement["run"]>,
) => ({
  cols,
  rows: rows.map((row) => row.map(encoded)),
  affected_row_count: Number(changes),
  last_insert_rowid: String(lastInsertRowid),
})

/** sqld tells the primary code only. */
function errorOf(error: unknown) {
  const code = error instanceof Error && "code" in error ? String(error.code) : "SQLITE_ERROR"
  const primary = /^SQLITE_(BUSY|CONSTRAINT)/.exec(code)?.[0] ?? code
  return { message: `SQLite error: ${String(error)}`, code: primary }
}

function encoded(value: unknown): Value {
  if (value === null || value === undefined) return { type: "null" }
  if (typeof value === "bigint") return { type: "integer", value: String(value) }
  if (typeof value === "number") return { type: "float", value }
  if (typeof value === "string") return { type: "text", value }
  return { type: "blob", base64: Buffer.from(value as Uint8Array).toString("base64") }
}

function decoded(value: Value): unknown {
  switch (value.type) {
    case "null":
      return null
    case "integer":
      return BigInt(value.value)
    case "blob":
      return Buffer.from(value.base64, "base64")
    case "float":
    case "text":
      return value.value
  }
}
