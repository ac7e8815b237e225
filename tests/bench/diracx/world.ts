import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createConnection, type Connection } from "mysql2/promise"
import { initConfig } from "@spinor/core/config/commit"
import { systemClock } from "@spinor/core/instant"
import { parseKeystore } from "@spinor/core/security/keystore"
import { keystoreText, newSigningKey } from "@spinor/core/security/new-keys"
import { systemRandom } from "@spinor/core/security/random"
import { newStateKey } from "@spinor/core/security/state-key"
import { connectSql } from "@spinor/db/sql/connections"
import { DATABASES } from "@spinor/db/sql/declared"
import { migrate } from "@spinor/db/sql/migrations/migrate"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { serverUrl } from "../../support/servers.ts"
import { admin, alice, configuration, serviceOn } from "../../support/service.ts"
import { start, stop } from "../../support/services/lifecycle.ts"
import { durableMariadb } from "../../support/services/mariadb.ts"
import { opensearch } from "../../support/services/opensearch.ts"
import type { Service } from "../../support/services/service.ts"
import { versitygw } from "../../support/services/versitygw.ts"

/** The two that are compared. */
export const SIDES = ["spinor", "diracx"] as const
export type Side = (typeof SIDES)[number]

/** What both servers live in: the same keys, configuration and MariaDB, with a database each. */
export interface World {
  /** The variables that both take. */
  readonly env: Readonly<Record<string, string>>
  /** Holds the configuration and the logs. */
  readonly folder: string
  readonly databaseUrl: Readonly<Record<Side, string>>
  /** To the databases, past the servers, in UTC. */
  readonly databases: Readonly<Record<Side, Connection>>
  readonly mariadb: { readonly pid: number; readonly facts: string }
  /** Access tokens that both believe, good for a day. */
  readonly tokens: Readonly<Record<"user" | "admin", string>>
  readonly remove: () => Promise<void>
}

const ISSUER = "https://bench.example.org"
const DAY_SECONDS = 86_400

export async function makeWorld(): Promise<World> {
  const drops: (() => Promise<unknown>)[] = []
  const remove = async () => {
    for (const drop of drops.splice(0).toReversed()) await drop()
  }
  try {
    const folder = await mkdtemp(join(tmpdir(), "spinor-bench-"))
    drops.push(() => rm(folder, { recursive: true, force: true }))
    const [server, s3, search] = await Promise.all([
      started(durableMariadb, drops),
      serverUrl("s3") ?? started(versitygw, drops).then(({ url }) => url),
      serverUrl("opensearch") ?? started(opensearch, drops).then(({ url }) => url),
    ])
    const connections = await Promise.all(SIDES.map((side) => createDatabase(server.url, side)))
    for (const connection of connections) drops.push(() => connection.end())
    const [spinor, diracx] = connections as [Connection, Connection]
    const databaseUrl = {
      spinor: `${server.url.replace("mysql:", "mysql+aiomysql:")}spinor`,
      diracx: `${server.url.replace("mysql:", "mysql+aiomysql:")}diracx`,
    }
    await migrateSpinor(databaseUrl.spinor)
    const keys = keystoreText([newSigningKey("Ed25519", "bench")])
    await initConfig(join(folder, "config"), JSON.stringify(configuration), {
      message: "A VO to measure",
      clock: systemClock,
    })
    return {
      env: variables({ keys, folder, s3: new URL(s3), search }),
      folder,
      databaseUrl,
      databases: { spinor, diracx },
      mariadb: { pid: server.pid, facts: await factsOf(spinor) },
      tokens: tokensOf(keys),
      remove,
    }
  } catch (error) {
    await remove()
    throw error
  }
}

async function started(service: Service, drops: (() => Promise<unknown>)[]) {
  const running = await start(service)
  drops.push(() => stop(service, running))
  return running
}

async function createDatabase(url: string, name: string): Promise<Connection> {
  const connection = await createConnection({ uri: url, timezone: "Z" })
  await connection.query(`CREATE DATABASE ${name}`)
  await connection.query(`USE ${name}`)
  await connection.query("SET time_zone = '+00:00'")
  return connection
}

async function migrateSpinor(url: string): Promise<void> {
  const connections = connectSql(() => parseDatabaseUrl(url, "the benchmark's URL"))
  try {
    await migrate(await connections.engineOf("JobDB"), DATABASES, systemClock)
  } finally {
    await connections.close()
  }
}

/** What decides how much a commit costs, as the server says it. */
async function factsOf(connection: Connection): Promise<string> {
  const [rows] = await connection.query(
    `SELECT CONCAT('MariaDB ', @@version, ', innodb_flush_log_at_trx_commit=', @@innodb_flush_log_at_trx_commit,
      ', innodb_doublewrite=', @@innodb_doublewrite, ', log_bin=', @@log_bin) AS facts,
      @@innodb_flush_log_at_trx_commit AS durable`,
  )
  const [{ facts, durable }] = rows as [{ facts: string; durable: number }]
  if (durable !== 1) throw new Error("The commits of the database are not durable")
  return facts
}

function tokensOf(keys: string): World["tokens"] {
  const { tokenFor } = serviceOn(undefined as never, { keystore: parseKeystore(keys) })
  const claims = { iss: ISSUER, exp: Math.floor(Date.now() / 1000) + DAY_SECONDS }
  return { user: tokenFor(alice, claims), admin: tokenFor(admin, claims) }
}

interface Places {
  readonly keys: string
  readonly folder: string
  readonly s3: URL
  readonly search: string
}

const variables = ({ keys, folder, s3, search }: Places): Record<string, string> => ({
  DIRACX_CONFIG_BACKEND_URL: `git+file://${folder}/config`,
  DIRACX_SERVICE_AUTH_TOKEN_ISSUER: ISSUER,
  DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE: keys,
  DIRACX_SERVICE_AUTH_STATE_KEY: newStateKey(systemRandom),
  DIRACX_SERVICE_AUTH_ALLOWED_REDIRECTS: "[]",
  DIRACX_SANDBOX_STORE_BUCKET_NAME: `bench-${process.pid}`,
  DIRACX_SANDBOX_STORE_AUTO_CREATE_BUCKET: "true",
  DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS: JSON.stringify({
    endpoint_url: s3.origin,
    aws_access_key_id: s3.username,
    aws_secret_access_key: s3.password,
  }),
  DIRACX_OS_DB_JOBPARAMETERSDB: JSON.stringify({ hosts: search }),
  DIRACX_FACTORY_OS_GLOBAL_PREFIX: `bench${process.pid}_`,
})
