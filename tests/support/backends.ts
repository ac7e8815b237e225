import { randomBytes } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe } from "vitest"
import { needsAll, serverUrl, type Server } from "./servers.ts"

/** A SQL dialect on which every scenario of a database runs. */
export type Backend = "sqlite" | Server

const allBackends: readonly Backend[] = ["sqlite", "mysql", "postgresql"]

/** A new, empty database of one test, and how to be rid of it. */
export type FreshDatabase = { url: string; drop: () => Promise<void> }

/** Whether tests run on it here: it is present, or its absence shall be a failure. */
export const runsHere = (backend: Backend): boolean =>
  backend === "sqlite" || needsAll() || serverUrl(backend) !== undefined

/** Describes one suite for every backend; on one that this machine lacks its tests are skipped. */
export function describeEachBackend(title: string, suite: (backend: Backend) => void): void {
  for (const backend of allBackends) {
    describe.skipIf(!runsHere(backend))(`${title} on ${backend}`, () => suite(backend))
  }
}

/** Makes an empty database, with its URL as the service takes it (SQLAlchemy's spelling). */
export async function freshDatabaseUrl(backend: Backend): Promise<FreshDatabase> {
  if (backend === "sqlite") return freshFile()
  const server = serverUrl(backend)
  if (server === undefined) {
    throw new Error(`There is no server for ${backend}: npm run services -- up`)
  }
  const name = `spinor_${randomBytes(6).toString("hex")}`
  const url = new URL(server)
  await execute[backend](server, `CREATE DATABASE ${name}`)
  return {
    url: `${schemes[backend]}://${url.username}:${url.password}@${url.host}/${name}`,
    drop: () => execute[backend](server, dropStatements[backend](name)),
  }
}

async function freshFile(): Promise<FreshDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "spinor-sqlite-"))
  return {
    url: `sqlite+aiosqlite:///${join(folder, "test.db")}`,
    drop: () => rm(folder, { recursive: true, force: true }),
  }
}

const schemes: Record<Server, string> = {
  mysql: "mysql+aiomysql",
  postgresql: "postgresql+asyncpg",
}

const dropStatements: Record<Server, (name: string) => string> = {
  mysql: (name) => `DROP DATABASE IF EXISTS ${name}`,
  postgresql: (name) => `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`,
}

const execute: Record<Server, (server: string, statement: string) => Promise<void>> = {
  async mysql(server, statement) {
    const { createConnection } = await import("mysql2/promise")
    const connection = await createConnection(server)
    await connection.query(statement).finally(() => connection.end())
  },
  async postgresql(server, statement) {
    const { default: connect } = await import("postgres")
    const sql = connect(server, { max: 1, onnotice: () => {} })
    await sql.unsafe(statement).finally(() => sql.end())
  },
}
