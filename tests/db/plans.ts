import { DatabaseSync, type SQLInputValue } from "node:sqlite"
import { createConnection, type RowDataPacket } from "mysql2/promise"
import postgres from "postgres"
import { expect } from "vitest"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import type { DialectBackend } from "../support/backends.ts"

export interface Statement {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** Asks a database how it runs statements, on a connection of its own. */
export interface Planner {
  /** Brings the statistics up to date by which the plans are chosen, as a server does by itself in time. */
  analyze(tables: readonly string[]): Promise<void>
  /** The tables of which the plan reads every row, or every entry of an index. */
  scanned(statement: Statement): Promise<string[]>
  /** Whether all that the plan reads stands in an index. */
  isCovered(statement: Statement): Promise<boolean>
  /** Whether the plan sorts rows, other than those that an index left equal. */
  sorts(statement: Statement): Promise<boolean>
  close(): Promise<void>
}

/** What the plans of reading statements scan: the tables, each with the statement. */
export async function scansOf(
  planner: Planner,
  statements: readonly Statement[],
): Promise<[table: string, sql: string][]> {
  const explained = statements.filter(({ sql }) => /^(select|update|delete)/i.test(sql))
  expect(explained).not.toEqual([])
  const scans: [string, string][] = []
  for (const statement of explained) {
    for (const table of await planner.scanned(statement)) scans.push([table, statement.sql])
  }
  return scans
}

export async function openPlanner(backend: DialectBackend, url: string): Promise<Planner> {
  const { database, host, port, user, password } = parseDatabaseUrl(url, "the test's URL")
  const place = { host, port, user, password, database }
  if (backend === "sqlite") return sqlitePlanner(database)
  return backend === "mysql" ? await mysqlPlanner(place) : postgresqlPlanner(place)
}

type Place = { host: string; port: number; user: string; password: string; database: string }

function sqlitePlanner(file: string): Planner {
  const client = new DatabaseSync(file)
  const explain = ({ sql, parameters }: Statement): string[] =>
    client
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...(parameters as SQLInputValue[]))
      .map(({ detail }) => textOf(detail))
  return {
    // Nobody does so for a file of the service.
    analyze: async () => undefined,
    async scanned(statement) {
      return explain(statement).flatMap((detail) => {
        const [, table = "", rest = ""] = /^SCAN (\w+)(.*)/.exec(detail) ?? []
        // The one parameter that holds many values, and a subquery's result.
        return table === "" || rest.includes("VIRTUAL TABLE") || table === "last" ? [] : [table]
      })
    },
    isCovered: async (statement) =>
      explain(statement)
        .filter((detail) => /^(SCAN|SEARCH)/.test(detail))
        .every((detail) => detail.includes("USING COVERING INDEX")),
    sorts: async (statement) =>
      explain(statement).some((detail) => detail.includes("FOR ORDER BY")),
    close: async () => client.close(),
  }
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "")

async function mysqlPlanner(place: Place): Promise<Planner> {
  const connection = await createConnection(place)
  const explain = async ({ sql, parameters }: Statement) => {
    const [rows] = await connection.query<RowDataPacket[]>(`EXPLAIN ${sql}`, [...parameters])
    return rows
  }
  return {
    async analyze(tables) {
      await connection.query(`ANALYZE TABLE ${tables.map((name) => `\`${name}\``).join(", ")}`)
    },
    async scanned(statement) {
      const rows = await explain(statement)
      return rows
        .filter(({ table, type }) => ["ALL", "index"].includes(type) && !/^(<|r$)/.test(table))
        .map(({ table }) => String(table))
    },
    isCovered: async (statement) =>
      (await explain(statement)).every(({ Extra }) =>
        /Using index(?! condition)/.test(String(Extra)),
      ),
    sorts: async (statement) =>
      (await explain(statement)).some(({ Extra }) => String(Extra).includes("filesort")),
    close: () => connection.end(),
  }
}

interface Plan {
  readonly "Node Type": string
  readonly "Relation Name"?: string
  readonly "Index Cond"?: string
  readonly Plans?: Plan[]
}

function postgresqlPlanner({ user, ...place }: Place): Planner {
  const client = postgres({ ...place, user, max: 1 })
  const scans = (plan: Plan): string[] => {
    const reads = /Seq Scan|Index (Only )?Scan/.test(plan["Node Type"])
    const table = plan["Relation Name"] ?? plan["Node Type"]
    const own = reads && plan["Index Cond"] === undefined ? [table] : []
    return [...own, ...(plan.Plans ?? []).flatMap(scans)]
  }
  const isCovered = ({ "Node Type": type, Plans: plans = [] }: Plan): boolean =>
    (!type.includes("Scan") || type === "Index Only Scan") && plans.every(isCovered)
  const isSorted = (plan: Plan): boolean =>
    plan["Node Type"] === "Sort" || (plan.Plans ?? []).some(isSorted)
  const explain = async ({ sql, parameters }: Statement): Promise<Plan> => {
    const [row] = await client.unsafe(`EXPLAIN (FORMAT JSON) ${sql}`, [...parameters] as string[])
    return row?.["QUERY PLAN"][0].Plan
  }
  return {
    async analyze(tables) {
      await client.unsafe(`VACUUM ANALYZE ${tables.map((name) => `"${name}"`).join(", ")}`)
    },
    scanned: async (statement) => scans(await explain(statement)),
    isCovered: async (statement) => isCovered(await explain(statement)),
    sorts: async (statement) => isSorted(await explain(statement)),
    close: () => client.end(),
  }
}
