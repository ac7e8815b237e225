import type { SQL } from "drizzle-orm"
import type { Queries } from "../queries.ts"
import type { Dialect } from "../dialects/dialect.ts"
import type { Engine } from "../engine.ts"
import type { Statement, SqlTelemetry } from "./telemetry.ts"
import type { SqlDatabases } from "../unit-of-work.ts"

/** Tells telemetry of every unit of work; without telemetry, these are the same databases. */
export function observedDatabases(
  databases: SqlDatabases,
  telemetry: SqlTelemetry | undefined,
): SqlDatabases {
  if (telemetry === undefined) return databases
  const namesOf = (wanted: Parameters<SqlDatabases["read"]>[0]) => [
    ...new Set(Object.values(wanted).map(({ databaseName }) => databaseName)),
  ]
  return {
    read: (wanted, work) =>
      telemetry.unit({ operation: "read", databases: namesOf(wanted) }, () =>
        databases.read(wanted, work),
      ),
    write: (wanted, work) =>
      telemetry.unit({ operation: "write", databases: namesOf(wanted) }, () =>
        databases.write(wanted, work),
      ),
    until: (signal) => observedDatabases(databases.until(signal), telemetry),
  }
}

/** Tells telemetry of every statement; without telemetry, this is the same engine. */
export function observedEngine(
  engine: Engine,
  database: string,
  telemetry: SqlTelemetry | undefined,
): Engine {
  if (telemetry === undefined) return engine
  const observe = observer(engine.dialect, database, telemetry)
  return {
    ...engine,
    read: (work, signal) =>
      engine.read((queries) => work(observedQueries(queries, observe)), signal),
    transaction: (work, signal) =>
      engine.transaction((queries) => work(observedQueries(queries, observe)), signal),
  }
}

type Observe = <Result>(text: string, work: () => Promise<Result>) => Promise<Result>

const observer =
  (dialect: Dialect, database: string, telemetry: SqlTelemetry): Observe =>
  (text, work) => {
    const statement = { database, ...described(dialect, text) }
    return telemetry.statement(statement, work, (ended) =>
      "error" in ended
        ? { fault: dialect.fault(ended.error) ?? "other" }
        : { rows: rowsOf(ended.result, statement, dialect) },
    )
  }

const TABLE = /\b(?:from|into|update|table(?: if not exists)?)\s+[`"]?(\w+)/i

const described = ({ name }: Dialect, text: string): Omit<Statement, "database"> => ({
  dialect: name,
  operation: (/^\s*(\w+)/.exec(text)?.[1] ?? "").toUpperCase(),
  table: TABLE.exec(text)?.[1],
})

function rowsOf(result: unknown, { operation }: Statement, dialect: Dialect): number | undefined {
  if (operation === "SELECT") return Array.isArray(result) ? result.length : sentRows(result)
  try {
    return dialect.affectedRows(result)
  } catch {
    return undefined // A statement written as SQL gives rows, and no more.
  }
}

const sentRows = (result: unknown): number | undefined =>
  typeof result === "object" && result !== null && "rows" in result && Array.isArray(result.rows)
    ? result.rows.length
    : undefined

/** drizzle runs a statement when it is awaited, which every builder on the way to it passes on. */
function observedQueries(queries: Queries, observe: Observe): Queries {
  return new Proxy(queries, {
    get(target, key: keyof Queries) {
      if (key === "run") {
        return (statement: SQL) => observe(textOf(statement), () => target.run(statement))
      }
      // What is left for later takes no time of its own: it is the next one's, or the commit's.
      if (key === "send" || key === "later") {
        return (text: string, values: readonly unknown[]) =>
          observe<unknown>(text, () => target[key](text, values))
      }
      const make: unknown = target[key]
      if (typeof make !== "function" || key === "settle") return make
      return (...args: unknown[]) => observedBuilder(make.apply(target, args), observe)
    },
  })
}

function observedBuilder(builder: unknown, observe: Observe): unknown {
  if (typeof builder !== "object" || builder === null) return builder
  return new Proxy(builder, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target)
      if (typeof value !== "function") return value
      if (key === "then") {
        const run = () => Promise.resolve(target as PromiseLike<unknown>)
        const ended = () => observe(textOf(target), run)
        return (...handlers: Parameters<Promise<unknown>["then"]>) => ended().then(...handlers)
      }
      return (...args: unknown[]) => {
        const next: unknown = value.apply(target, args)
        return isBuilder(next) ? observedBuilder(next, observe) : next
      }
    },
  })
}

/** The text of a statement, with marks where its values are. */
function textOf(statement: object): string {
  if ("toSQL" in statement) return (statement as { toSQL(): { sql: string } }).toSQL().sql
  return (statement as SQL).toQuery(ANY_DIALECT).sql
}

/** Enough to tell operations and tables: nobody runs it. */
const ANY_DIALECT = {
  casing: { getColumnCasing: ({ name }: { name: string }) => name },
  escapeName: (name: string) => name,
  escapeParam: () => "?",
  escapeString: () => "?",
} as unknown as Parameters<SQL["toQuery"]>[0]

const isBuilder = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  ("toSQL" in value || "from" in value || "set" in value || "values" in value)
