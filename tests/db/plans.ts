import { DatabaseSync, type SQLInputValue } from "node:sqlite"
import { createConnection, type RowDataPacket } from "mysql2/promise"
import postgres from "postgres"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import type { DialectBackend } from "../support/backends.ts"

export interface Statement {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** Asks a database how it runs statements, on a connection of its own. */
export interface Planner {
  /** Brings the statistics up to date by which the plans are chosen. */
  analyze(tables: readonly string[]): Promise<void>
  /** The tables of which the plan reads every row, or every entry of an index. */
  scanned(statement: Statement): Promise<string[]>
  close(): Promise<void>
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
  return {
    // Nobody does so for a file of the service.
    analyze: async () => undefined,
    async scanned({ sql, parameters }) {
      const plan = client.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      return plan.all(...(parameters as SQLInputValue[])).flatMap(({ detail }) => {
        const [, table = "", rest = ""] = /^SCAN (\w+)(.*)/.exec(textOf(detail)) ?? []
        // The one parameter that holds many values, and a subquery's result.
        return table === "" || rest.includes("VIRTUAL TABLE") || table === "last" ? [] : [table]
      })
    },
    close: async () => client.close(),
  }
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "")

async function mysqlPlanner(place: Place): Promise<Planner> {
  const connection = await createConnection(place)
  return {
    async analyze(tables) {
      await connection.query(`ANALYZE TABLE ${tables.map((name) => `\`${name}\``).join(", ")}`)
    },
    async scanned({ sql, parameters }) {
      const [rows] = await connection.query<RowDataPacket[]>(`EXPLAIN ${sql}`, [...parameters])
      return rows
        .filter(({ table, type }) => ["ALL", "index"].includes(type) && !/^(<|r$)/.test(table))
        .map(({ table }) => String(table))
    },
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
  return {
    async analyze(tables) {
      await client.unsafe(`ANALYZE ${tables.map((name) => `"${name}"`).join(", ")}`)
    },
    async scanned({ sql, parameters }) {
      const [row] = await client.unsafe(`EXPLAIN (FORMAT JSON) ${sql}`, [...parameters] as string[])
      return scans(row?.["QUERY PLAN"][0].Plan)
    },
    close: () => client.end(),
  }
}
