import { setTimeout as sleep } from "node:timers/promises"
import { sql } from "drizzle-orm"
import { describe, expect, it, onTestFinished } from "vitest"
import { DeadlineError } from "@spinor/core/errors"
import type { Engine, EngineOptions } from "@spinor/db/sql/engine"
import { openEngine } from "@spinor/db/sql/open-engine"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { freshDatabaseUrl, runsHere } from "../support/backends.ts"
import { serverCertificate } from "../support/servers.ts"

const IDS = {
  mysql: sql`select connection_id() as id`,
  postgresql: sql`select pg_backend_pid() as id`,
}
const SLEEP = { mysql: sql`select sleep(0.2)`, postgresql: sql`select pg_sleep(0.2)` }
const KILL = {
  mysql: (id: number) => sql.raw(`kill ${id}`),
  postgresql: (id: number) => sql.raw(`select pg_terminate_backend(${id})`),
}
/** The connections of the database that the statement runs on, itself included. */
const COUNT = {
  mysql: sql`select count(*) as n from information_schema.processlist where db = database()`,
  postgresql: sql`select count(*) as n from pg_stat_activity where datname = current_database()`,
}

describe.each(["mysql", "postgresql"] as const)("the pool of %s", (backend) => {
  describe.skipIf(!runsHere(backend))("", () => {
    /** Two engines on a database of the test's own: one to try, one to watch. */
    async function engines(options: Partial<EngineOptions>) {
      const { url, drop } = await freshDatabaseUrl(backend)
      const parsed = parseDatabaseUrl(url, "the test's URL")
      const tried = await openEngine(parsed, options)
      const watch = await openEngine(parsed, { poolSize: 1 })
      onTestFinished(async () => {
        await tried.close()
        await watch.close()
        await drop()
      })
      const connections = async () => {
        const [row] = await watch.read((queries) => queries.run(COUNT[backend]))
        return Number(row?.["n"]) - 1
      }
      return { tried, watch, connections }
    }
    const connectionOf = (engine: Engine) =>
      engine.transaction(async (queries) => {
        const [row] = await queries.run(IDS[backend])
        return Number(row?.["id"])
      })
    const slowly = (engine: Engine) =>
      engine.transaction(async (queries) => void (await queries.run(SLEEP[backend])))

    it("has no more connections than are allowed, and more while they are needed", async () => {
      const { tried, connections } = await engines({ poolSize: 2, poolOverflow: 1 })
      const working = Promise.all(Array.from({ length: 9 }, () => slowly(tried)))
      await expect.poll(connections).toBe(3)
      await working
      expect(await connections()).toBeLessThanOrEqual(3)
    })

    it("lets nobody wait for longer than is set", async () => {
      const { tried } = await engines({ poolSize: 1, poolTimeout: 50 })
      const [first, second] = await Promise.allSettled([slowly(tried), slowly(tried)])
      expect(first.status).toBe("fulfilled")
      expect(second).toMatchObject({
        status: "rejected",
        reason: { message: "No connection was free for 0.05 s" },
      })
      await slowly(tried)
    })

    it("replaces connections that are too old", async () => {
      const { tried } = await engines({ poolSize: 1, poolRecycle: 1000 })
      const first = await connectionOf(tried)
      expect(await connectionOf(tried)).toBe(first)
      await sleep(1100)
      expect(await connectionOf(tried)).not.toBe(first)
    })

    it("does not show a user that his idle connection was killed", async () => {
      const { tried, watch } = await engines({ poolSize: 3 })
      await Promise.all([slowly(tried), slowly(tried), slowly(tried)])
      const killed = await Promise.all([
        connectionOf(tried),
        connectionOf(tried),
        connectionOf(tried),
      ])
      for (const id of new Set(killed)) {
        await watch.read((queries) => queries.run(KILL[backend](id)))
      }
      await sleep(1100)
      expect(killed).not.toContain(await connectionOf(tried))
    })

    it("breaks off statements that wait for their connection with the one that they wait for", async () => {
      const { tried } = await engines({ poolSize: 1 })
      const stop = AbortSignal.timeout(50)
      const reading = tried.read(
        (queries) => Promise.all([1, 2, 3].map(() => queries.run(SLEEP[backend]))),
        stop,
      )
      await expect(reading).rejects.toThrow(DeadlineError)
      // The driver fails those that waited in turns of its own.
      await slowly(tried)
    })

    it("keeps no connection that was used while it was closed", async () => {
      const { tried, connections } = await engines({ poolSize: 2 })
      const working = slowly(tried)
      await expect.poll(connections).toBe(1)
      await tried.close()
      await working
      await expect.poll(connections).toBe(0)
    })

    it.each([undefined, { mode: "require", ca: undefined }] as const)(
      "waits for no server that keeps silent, with TLS as without: %j",
      async (tls) => {
        const { tried } = await engines({ statementTimeout: 100, tls })
        await expect(slowly(tried)).rejects.toSatisfy(
          (error) => tried.dialect.fault(error) === "silent",
        )
      },
    )

    it("speaks TLS when it shall, with servers that it trusts", async ({ skip }) => {
      const ca = await serverCertificate(backend)
      if (ca === undefined) return skip("the certificate of a server: npm run services -- up")
      const { url, drop } = await freshDatabaseUrl(backend)
      onTestFinished(drop)
      const cipher = async (tls: EngineOptions["tls"], address = url) => {
        const engine = await openEngine(parseDatabaseUrl(address, "the test's URL"), { tls })
        try {
          const [row] = await engine.read((queries) => queries.run(CIPHER[backend]))
          return String(row?.["cipher"])
        } finally {
          await engine.close()
        }
      }
      expect(await cipher(undefined)).toMatch(/^(|null)$/)
      expect(await cipher({ mode: "require", ca: undefined })).toMatch(/^TLS_|^ECDHE/)
      expect(await cipher({ mode: "verify-ca", ca })).toMatch(/^TLS_|^ECDHE/)
      const named = url.replace("127.0.0.1", "localhost")
      expect(await cipher({ mode: "verify-full", ca }, named)).toMatch(/^TLS_|^ECDHE/)
      await expect(cipher({ mode: "verify-full", ca })).rejects.toThrow()
      await expect(cipher({ mode: "verify-ca", ca: undefined })).rejects.toThrow()
    })
  })
})

it.each(["sqlite", "libsql"] as const)(
  "nobody waits for longer than is set to write to %s",
  async (backend) => {
    const { url, drop } = await freshDatabaseUrl(backend)
    const engine = await openEngine(parseDatabaseUrl(url, "the test's URL"), { poolTimeout: 50 })
    onTestFinished(async () => {
      await engine.close()
      await drop()
    })
    const [begun, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const first = engine.transaction(async () => {
      begun.resolve()
      await end.promise
    })
    await begun.promise
    await expect(engine.transaction(async () => undefined)).rejects.toMatchObject({
      code: "SPINOR_POOL_TIMEOUT",
    })
    end.resolve()
    await first
    expect(await engine.transaction(async () => "next")).toBe("next")
  },
)

const CIPHER = {
  mysql: sql`select variable_value as cipher from information_schema.session_status where variable_name = 'Ssl_cipher'`,
  postgresql: sql`select cipher from pg_stat_ssl where pid = pg_backend_pid()`,
}
