import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest"
import { connectSql } from "@spinor/db/sql/connections"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { runsHere } from "../support/backends.ts"
import { useDatabase } from "../support/database.ts"
import { openDocuments } from "../support/document-stores.ts"
import { freshPrefix, openSearchRunsHere, openSearchUrl } from "../support/opensearch.ts"
import { admin, alice, serviceOn } from "../support/service.ts"
import { startDatabaseProxy, startTcpProxy, type TcpProxy } from "../support/tcp-proxy.ts"

/** Milliseconds that the clock of the machine jumps, when it wakes up. */
const JUMPS: [how: string, by: number][] = [
  ["an hour ahead", 3_600_000],
  ["ten minutes back", -600_000],
]

/** What became of its connections meanwhile. */
const LOSSES: [how: string, lose: (proxy: TcpProxy) => unknown][] = [
  ["were forgotten", (proxy) => proxy.forget()],
  [
    "were cut",
    async (proxy) => {
      await proxy.cut()
      await proxy.open()
    },
  ],
]

const CASES = JUMPS.flatMap(([jump, by]) =>
  LOSSES.map(([loss, lose]) => ({ jump, by, loss, lose })),
)

/** Less than anybody would wait for a statement, or for OpenSearch. */
const SOON_MS = 4000

afterEach(() => vi.useRealTimers())

const wakeUp = (by: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + by })

describe.each((["mysql", "postgresql", "libsql", "planetscale"] as const).filter(runsHere))(
  "a machine that slept, with its database on %s",
  (backend) => {
    const database = useDatabase(backend)

    it.each(CASES)("answers when its clock is $jump and its connections $loss", async (one) => {
      const { proxy, url } = await startDatabaseProxy(database.url)
      const parsed = parseDatabaseUrl(url, "the test's URL")
      const connections = connectSql(() => parsed, { poolSize: 1 })
      onTestFinished(async () => {
        await proxy.cut()
        await connections.close()
      })
      const { call } = serviceOn(connections.sql)
      const submit = async () =>
        (await call("POST", "/api/jobs/jdl", { as: alice, body: ["", ""] })).status
      expect(await submit()).toBe(201)
      await one.lose(proxy)
      wakeUp(one.by)
      const began = performance.now()
      expect(await submit()).toBe(201)
      expect(performance.now() - began).toBeLessThan(SOON_MS)
    })
  },
)

describe.skipIf(!openSearchRunsHere())("a machine that slept, with OpenSearch", () => {
  const database = useDatabase("sqlite")
  const { prefix, drop } = freshPrefix()

  it.each(CASES)("answers when its clock is $jump and its connections $loss", async (one) => {
    const { hostname: host, port } = new URL(openSearchUrl())
    const proxy = await startTcpProxy({ host, port: Number(port) })
    const problems: unknown[] = []
    const documents = await openDocuments(database.sql, {
      client: { hosts: `http://127.0.0.1:${proxy.port}` },
      prefix,
      elapsed: () => 0,
      onProblem: (error) => problems.push(error),
    })
    onTestFinished(async () => {
      await documents.close()
      await proxy.cut()
      await drop()
    })
    const { call } = serviceOn(database.sql, documents)
    const search = async () => {
      const options = { as: admin, body: { search: [] } }
      return (await call("POST", "/api/jobs/parameters/search", options)).status
    }
    expect(await search()).toBe(200)
    await one.lose(proxy)
    wakeUp(one.by)
    const began = performance.now()
    expect(await search()).toBe(200)
    expect(performance.now() - began).toBeLessThan(SOON_MS)
    expect(problems).toEqual([])
  })
})
