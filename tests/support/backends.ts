import { randomBytes } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe } from "vitest"
import { needsAll, serverUrl, type Server } from "./servers.ts"
import { startLibsqlServer } from "./stand-ins/libsql-server.ts"
import { startPlanetscaleServer } from "./stand-ins/planetscale-server.ts"

/** A SQL dialect, on the driver that people use most. */
export type DialectBackend = "sqlite" | Server

/** A driver on which every scenario of a database runs; the two that speak HTTP do so with stand-ins. */
export type Backend = DialectBackend | "libsql" | "planetscale"

const DIALECTS: readonly DialectBackend[] = ["sqlite", "mysql", "postgresql"]
export const BACKENDS: readonly Backend[] = [...DIALECTS, "libsql", "planetscale"]

/** A new, empty database of one test, and how to be rid of it. */
export type FreshDatabase = { url: string; drop: () => Promise<void> }

/** Whether tests run on it here: it is present, or its absence shall be a failure. */
export const runsHere = (backend: Backend): boolean =>
  isSqlite(backend) || needsAll() || serverUrl(serverOf(backend)) !== undefined

const isSqlite = (backend: Backend): backend is "sqlite" | "libsql" =>
  backend === "sqlite" || backend === "libsql"

const serverOf = (backend: Exclude<Backend, "sqlite" | "libsql">): Server =>
  backend === "postgresql" ? backend : "mysql"

/** The name of the dialect that the backend speaks. */
export const dialectOf = (backend: Backend): DialectBackend =>
  isSqlite(backend) ? "sqlite" : serverOf(backend)

/** Describes one suite for every backend; on one that this machine lacks its tests are skipped. */
export const describeEachBackend = (title: string, suite: (backend: Backend) => void): void =>
  describeEach(BACKENDS, title, suite)

/** Describes a suite that needs no more than each dialect once. */
export const describeEachDialect = (
  title: string,
  suite: (backend: DialectBackend) => void,
): void => describeEach(DIALECTS, title, suite)

function describeEach<Some extends Backend>(
  backends: readonly Some[],
  title: string,
  suite: (backend: Some) => void,
): void {
  for (const backend of backends) {
    describe.skipIf(!runsHere(backend))(`${title} on ${backend}`, () => suite(backend))
  }
}

/** Makes an empty database, with its URL as the service takes it (SQLAlchemy's spelling). */
export async function freshDatabaseUrl(backend: Backend): Promise<FreshDatabase> {
  switch (backend) {
    case "sqlite":
      return await freshFile()
    case "libsql":
      return await behindLibsqlServer()
    case "planetscale":
      return await behindPlanetscaleServer()
    case "mysql":
    case "postgresql": {
      const { url, drop } = await freshOnServer(backend)
      return { url: url.replace(/^[a-z]+/, SCHEMES[backend]), drop }
    }
  }
}

const SCHEMES: Record<Server, string> = {
  mysql: "mysql+aiomysql",
  postgresql: "postgresql+asyncpg",
}

async function freshOnServer(server: Server): Promise<FreshDatabase> {
  const administration = serverUrl(server)
  if (administration === undefined) {
    throw new Error(`There is no server for ${server}: npm run services -- up`)
  }
  const name = `spinor_${randomBytes(6).toString("hex")}`
  await execute[server](administration, `CREATE DATABASE ${name}`)
  return {
    url: new URL(`/${name}`, administration).href,
    drop: () => execute[server](administration, dropStatements[server](name)),
  }
}

async function behindPlanetscaleServer(): Promise<FreshDatabase> {
  const database = await freshOnServer("mysql")
  const server = await startPlanetscaleServer(database.url)
  return {
    url: server.url,
    async drop() {
      await server.close()
      await database.drop()
    },
  }
}

async function behindLibsqlServer(): Promise<FreshDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "spinor-libsql-"))
  const token = randomBytes(16).toString("hex")
  const server = await startLibsqlServer(join(folder, "test.db"), token)
  return {
    url: `libsql+http://127.0.0.1:${server.port}?authToken=${token}`,
    async drop() {
      server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function freshFile(): Promise<FreshDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "spinor-sqlite-"))
  return {
    url: `sqlite+aiosqlite:///${join(folder, "test.db")}`,
    drop: () => rm(folder, { recursive: true, force: true }),
  }
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
