import { once } from "node:events"
import { createServer, type AddressInfo } from "node:net"
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest"
import { sql } from "drizzle-orm"
import { createConnection, type RowDataPacket } from "mysql2/promise"
import postgres from "postgres"
import { UnavailableError } from "@spinor/core/errors"
import { connectSql, type SqlConnections } from "@spinor/db/sql/connections"
import type { EngineOptions } from "@spinor/db/sql/engine"
import { JobLoggingDB } from "@spinor/db/sql/job-logging/job-logging-db"
import { JobDB } from "@spinor/db/sql/job/job-db"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { runsHere } from "../support/backends.ts"
import { useDatabase } from "../support/database.ts"
import { freePort } from "../support/free-port.ts"
import { serverUrl, type Server } from "../support/servers.ts"
import { admin, alice, serviceOn, type Service } from "../support/service.ts"
import { startDatabaseProxy, type TcpProxy } from "../support/tcp-proxy.ts"
import { expectUnavailable } from "../support/unavailable.ts"

class SlowJobs extends JobDB {
  async sleep(): Promise<void> {
    const seconds = this.dialect.name === "mysql" ? sql`select sleep(60)` : sql`select pg_sleep(60)`
    await this.db.run(seconds)
  }
}

class ReadOnlyJobs extends JobDB {
  /** As on a server since another one took over. */
  async write(): Promise<void> {
    if (this.dialect.name === "postgresql") await this.db.run(sql`set transaction read only`)
    else await this.db.run(sql`signal sqlstate 'HY000' set mysql_errno = 1290`)
    await this.reserveJobs(["[]"])
  }
}

const options = { poolSize: 4, connectTimeout: 2000 }

const OPERATIONS: [what: string, call: (service: Service) => ReturnType<Service["call"]>][] = [
  ["search", ({ call }) => call("POST", "/api/jobs/search", { as: alice, body: {} })],
  [
    "summary",
    ({ call }) => call("POST", "/api/jobs/summary", { as: alice, body: { grouping: ["Status"] } }),
  ],
  ["submission", ({ call }) => call("POST", "/api/jobs/jdl", { as: alice, body: [""] })],
  [
    "status update",
    ({ call }) =>
      call("PATCH", "/api/jobs/status", {
        as: admin,
        body: { 1: { "2026-01-01T00:00:00Z": { MinorStatus: "m" } } },
      }),
  ],
]

const connectTo = (url: string, more: Partial<EngineOptions> = {}) =>
  connectSql(() => parseDatabaseUrl(url, "the test's URL"), { ...options, ...more })

describe("a database that is not there", () => {
  const urls: [scheme: string, url: () => Promise<string>][] = [
    ["mysql", async () => `mysql+aiomysql://spinor:hush-hush@127.0.0.1:${await freePort()}/jobs`],
    [
      "postgresql",
      async () => `postgresql+asyncpg://spinor:hush-hush@127.0.0.1:${await freePort()}/jobs`,
    ],
    ["sqlite", async () => "sqlite+aiosqlite:////no/such/folder/hush-hush.db"],
  ]

  describe.each(urls)("is told without its place or password: %s", (_, url) => {
    it.each(OPERATIONS)("by %s", async (_, call) => {
      const connections = connectTo(await url())
      expectUnavailable(await call(serviceOn(connections.sql)))
      await connections.close()
    })
  })
})

describe("a server that ends every connection, as a proxy does whose database is away", () => {
  it.each(["mysql+mysql2", "postgresql+postgres"])(
    "is asked twice and told: %s",
    async (scheme) => {
      let asked = 0
      const server = createServer((socket) => {
        asked++
        socket.resume().end()
      }).listen(0, "127.0.0.1")
      await once(server, "listening")
      const { port } = server.address() as AddressInfo
      const connections = connectTo(`${scheme}://spinor:hush-hush@127.0.0.1:${port}/jobs`)
      onTestFinished(async () => {
        await connections.close()
        server.close()
      })
      const unit = connections.sql.read({ jobs: JobDB }, ({ jobs }) => jobs.originalJdls([0]))
      await expect(unit).rejects.toThrow(new UnavailableError("Cannot connect to JobDB"))
      expect(asked).toBe(2)
    },
  )
})

const SERVERS: Server[] = ["mysql", "postgresql"]

describe.each(SERVERS.filter(runsHere))("a database that goes away: %s", (backend) => {
  const database = useDatabase(backend)
  let proxy: TcpProxy
  let connections: SqlConnections
  let service: Service

  beforeEach(async () => {
    const way = await startDatabaseProxy(database.url)
    proxy = way.proxy
    connections = connectTo(way.url)
    service = serviceOn(connections.sql)
  })
  afterEach(async () => {
    await connections.close()
    await proxy.cut()
  })

  it.each(OPERATIONS)(
    "is told by %s, which works again at once when it is back",
    async (_, call) => {
      const working = await call(service)
      expect(working.status).toBeLessThan(500)
      await proxy.cut()
      expectUnavailable(await call(service))
      expectUnavailable(await call(service))
      await proxy.open()
      expect(await call(service)).toMatchObject({ status: working.status })
    },
  )

  it.each(OPERATIONS)(
    "does not fail %s when its connections were cut meanwhile",
    async (_, call) => {
      const status = (await call(service)).status
      await endConnections[backend](database.url)
      expect(await call(service)).toMatchObject({ status })
      await proxy.cut()
      await proxy.open()
      expect(await call(service)).toMatchObject({ status })
    },
  )

  it("is told when it is lost while it works on a statement", async () => {
    const lost = connections.sql.write({ jobs: SlowJobs }, async ({ jobs }) => {
      const working = jobs.sleep()
      // The statement leaves in one of the next turns of the event loop.
      for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
      await proxy.cut()
      await working
    })
    await expect(lost).rejects.toMatchObject({ name: "UnavailableError" })
    await proxy.open()
    expect(await connections.sql.write({ jobs: JobDB }, ({ jobs }) => jobs.lockJobs([0]))).toEqual(
      [],
    )
  })

  it("is told when it is lost in the middle of a transaction", async () => {
    const lost = connections.sql.write({ jobs: JobDB }, async ({ jobs }) => {
      await jobs.reserveJobs(["[]"])
      await proxy.cut()
      await jobs.lockJobs([0])
    })
    await expect(lost).rejects.toMatchObject({
      name: "UnavailableError",
      message: "Cannot connect to JobDB",
    })
  })
})

describe.each(SERVERS.filter(runsHere))("a database that keeps silent: %s", (backend) => {
  const database = useDatabase(backend)
  const patience = { statementTimeout: 400, connectTimeout: 1000 }
  let proxy: TcpProxy
  let connections: SqlConnections

  beforeEach(async () => {
    const way = await startDatabaseProxy(database.url)
    proxy = way.proxy
    connections = connectTo(way.url, patience)
  })
  afterEach(async () => {
    await proxy.cut()
    await connections.close()
  })

  it.each(OPERATIONS)("is told by %s, which works again when it speaks", async (_, call) => {
    const service = serviceOn(connections.sql)
    const { status } = await call(service)
    proxy.freeze()
    // Once on a connection that was there, then on one that cannot be made.
    expectUnavailable(await call(service))
    expectUnavailable(await call(service))
    await proxy.cut()
    await proxy.open()
    expect((await call(service)).status).toBe(status)
  })

  it.each(["read", "write"] as const)("is not asked a second time by a %s", async (kind) => {
    await connections.sql[kind]({ jobs: JobDB }, ({ jobs }) => jobs.originalJdls([0]))
    let runs = 0
    const begun = performance.now()
    const asked = connections.sql[kind]({ jobs: JobDB }, async ({ jobs }) => {
      runs++
      proxy.freeze()
      return await jobs.originalJdls([0])
    })
    await expect(asked).rejects.toThrow(new UnavailableError("Cannot connect to JobDB"))
    expect(runs).toBe(1)
    expect(performance.now() - begun).toBeLessThan(2 * patience.statementTimeout)
  })

  it("is not asked to write again what it may have committed", async () => {
    let runs = 0
    const committed = connections.sql.write({ jobs: JobDB }, async ({ jobs }) => {
      runs++
      await jobs.reserveJobs(["[]"])
      proxy.freeze()
    })
    await expect(committed).rejects.toThrow(new UnavailableError("Cannot connect to JobDB"))
    expect(runs).toBe(1)
  })

  it("loses its idle connections, which no request notices", async () => {
    const ask = () => connections.sql.write({ jobs: JobDB }, ({ jobs }) => jobs.lockJobs([0]))
    expect(await ask()).toEqual([])
    await expect.poll(() => proxy.sockets(), { timeout: 5000 }).toBe(0)
    expect(await ask()).toEqual([])
  })
})

describe.each(SERVERS.filter(runsHere))("a transaction that stays connected: %s", (backend) => {
  const database = useDatabase(backend)

  it("ends when another database of the same unit is away", async () => {
    const here = parseDatabaseUrl(database.url, "the test's URL")
    const away = { ...here, port: await freePort(), identity: "away" }
    const connections = connectSql((name) => (name === "JobDB" ? here : away), options)
    const databases = { jobs: JobDB, logging: JobLoggingDB }
    const unit = connections.sql.write(databases, ({ jobs }) => jobs.reserveJobs(["[]"]))
    await expect(unit).rejects.toThrow(UnavailableError)
    await connections.close()
  })

  it("is run again when an administrator ended its connection", async () => {
    const own = connectTo(database.url)
    let runs = 0
    const unit = own.sql.write({ jobs: SlowJobs }, async ({ jobs }) => {
      if (++runs > 1) return
      await Promise.all([jobs.sleep(), endConnections[backend](database.url)])
    })
    await expect(unit).resolves.toBeUndefined()
    expect(runs).toBe(2)
    await own.close()
  })

  it("ends when the database can only be read", async () => {
    const unit = database.sql.write({ jobs: ReadOnlyJobs }, ({ jobs }) => jobs.write())
    await expect(unit).rejects.toThrow(UnavailableError)
  })
})

/** Ends all connections to a database but the own one, as an administrator may. */
const endConnections: Record<Server, (url: string) => Promise<void>> = {
  async mysql(url) {
    const connection = await createConnection(serverUrl("mysql") ?? "")
    const [rows] = await connection.query<RowDataPacket[]>(
      "select id from information_schema.processlist where db = ?",
      [parseDatabaseUrl(url, "the test's URL").database],
    )
    expect(rows).not.toEqual([])
    for (const { id } of rows) await connection.query("kill ?", [id])
    await connection.end()
  },
  async postgresql(url) {
    const { database } = parseDatabaseUrl(url, "the test's URL")
    const client = postgres(serverUrl("postgresql") ?? "", { max: 1 })
    const rows = await client`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = ${database} and pid <> pg_backend_pid()`
    expect(rows).not.toEqual([])
    await client.end()
  },
}
