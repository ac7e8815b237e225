import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createConnection, type Connection } from "mysql2/promise"
import { initConfig } from "@spinor/core/config/commit"
import { systemClock } from "@spinor/core/instant"
import { keystoreText, newSigningKey } from "@spinor/core/security/new-keys"
import { systemRandom } from "@spinor/core/security/random"
import { newStateKey } from "@spinor/core/security/state-key"
import { admin, alice, configuration } from "../../support/service.ts"
import { start, stop } from "../../support/services/lifecycle.ts"
import { durableMariadb } from "../../support/services/mariadb.ts"
import type { Service } from "../../support/services/service.ts"
import { mariadbProbe, type Probe } from "./probe.ts"
import { ISSUER, signerOf } from "./tokens.ts"

/** What servers that are compared live in: the same keys, configuration and MariaDB, with a database each. */
export interface World {
  /** The variables that all take. */
  readonly env: Readonly<Record<string, string>>
  /** Holds the configuration and the logs. */
  readonly folder: string
  readonly mariadb: { readonly pid: number; readonly facts: string }
  /** With which all verify tokens. */
  readonly keys: string
  /** Access tokens that all believe, good for a day. */
  readonly tokens: Readonly<Record<"user" | "admin", string>>
  /** Makes an empty database. */
  readonly createDatabase: (name: string) => Promise<BenchDatabase>
  /** Starts what servers need besides, for as long as the world is there. */
  readonly started: (service: Service) => Promise<{ readonly url: string }>
  /** What is done when the world is removed, the last one first. */
  readonly atEnd: (drop: () => Promise<unknown>) => void
  readonly remove: () => Promise<void>
}

export interface BenchDatabase {
  /** As the servers take it (SQLAlchemy's spelling). */
  readonly url: string
  /** Past the servers; in UTC. */
  readonly connection: Connection
  readonly probe: Probe
}

export async function makeWorld(): Promise<World> {
  const drops: (() => Promise<unknown>)[] = []
  const atEnd = (drop: () => Promise<unknown>) => void drops.push(drop)
  let removing: Promise<void> | undefined
  const removeAll = async () => {
    for (const drop of drops.toReversed()) {
      // What cannot be dropped keeps nothing else.
      await drop().catch((error: unknown) => console.error("Is left behind:", error))
    }
  }
  const remove = () => (removing ??= removeAll())
  // The database outlives its starter.
  const end = () => void remove().finally(() => process.exit(1))
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"]
  for (const signal of signals) process.once(signal, end)
  // Else a signal would end the process before a later world is removed.
  atEnd(async () => signals.forEach((signal) => process.off(signal, end)))
  const started = async (service: Service) => {
    const running = await start(service)
    atEnd(() => stop(service, running))
    return running
  }
  try {
    const folder = await mkdtemp(join(tmpdir(), "spinor-bench-"))
    atEnd(() => rm(folder, { recursive: true, force: true }))
    const { url: server, pid } = await started(durableMariadb)
    const keys = keystoreText([newSigningKey("Ed25519", "bench")])
    const tokenFor = signerOf(keys)
    await initConfig(join(folder, "config"), JSON.stringify(configuration), {
      message: "A VO to measure",
      clock: systemClock,
    })
    return {
      env: {
        DIRACX_CONFIG_BACKEND_URL: `git+file://${folder}/config`,
        DIRACX_SERVICE_AUTH_TOKEN_ISSUER: ISSUER,
        DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE: keys,
        DIRACX_SERVICE_AUTH_STATE_KEY: newStateKey(systemRandom),
        DIRACX_SERVICE_AUTH_ALLOWED_REDIRECTS: "[]",
      },
      folder,
      mariadb: { pid, facts: await factsOf(server) },
      keys,
      tokens: { user: tokenFor(alice), admin: tokenFor(admin) },
      async createDatabase(name) {
        const connection = await createConnection({ uri: server, timezone: "Z" })
        atEnd(() => connection.end())
        await connection.query(`CREATE DATABASE \`${name}\``)
        await connection.query(`USE \`${name}\``)
        await connection.query("SET time_zone = '+00:00'")
        return {
          url: `${server.replace("mysql:", "mysql+aiomysql:")}${name}`,
          connection,
          probe: mariadbProbe(connection),
        }
      },
      started,
      atEnd,
      remove,
    }
  } catch (error) {
    await remove()
    throw error
  }
}

/** What decides how much a commit costs, as the server says it. */
async function factsOf(server: string): Promise<string> {
  const connection = await createConnection(server)
  const [rows] = await connection
    .query(
      `SELECT CONCAT('MariaDB ', SUBSTRING_INDEX(@@version, '-', 1), ', innodb_flush_log_at_trx_commit=',
        @@innodb_flush_log_at_trx_commit, ', innodb_doublewrite=', @@innodb_doublewrite, ', log_bin=', @@log_bin)
        AS facts, @@innodb_flush_log_at_trx_commit AS durable`,
    )
    .finally(() => connection.end())
  const [{ facts, durable }] = rows as [{ facts: string; durable: number }]
  if (durable !== 1) throw new Error("The commits of the database are not durable")
  return facts
}
