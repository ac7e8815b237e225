import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { inspect } from "node:util"
import type { Client } from "@opensearch-project/opensearch"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { causes } from "@spinor/core/causes"
import { UnavailableError } from "@spinor/core/errors"
import type { OsConnection } from "@spinor/db/os/connection"
import { OsResponseError, OsUnavailableError } from "@spinor/db/os/errors"
import { freePort } from "../../support/free-port.ts"
import { freshPrefix, openSearchRunsHere, openSearchUrl } from "../../support/opensearch.ts"
import { startTcpProxy } from "../../support/tcp-proxy.ts"
import { connected } from "./connected.ts"

const open: { close(): unknown }[] = []
const closedAfterTest = <Part extends { close(): unknown }>(part: Part): Part => {
  open.push(part)
  return part
}
afterEach(async () => {
  for (const part of open.splice(0).toReversed()) await part.close()
})
const connect = (options: object): OsConnection => closedAfterTest(connected(options))

const info = async (client: Client): Promise<{ statusCode: number | null }> => client.info()

describe.skipIf(!openSearchRunsHere())("a connection with OpenSearch", () => {
  const { prefix, drop } = freshPrefix()
  afterAll(drop)

  it.each([false, true])("takes and gives documents, with http_compress %j", async (compress) => {
    const connection = connect({ hosts: openSearchUrl(), http_compress: compress })
    const index = `${prefix}${compress ? "small" : "plain"}`
    const text = "Grüße, 東京 💥 ".repeat(1000)
    await connection.call((client) => client.index({ index, id: "1", body: { text } }))
    const found = await connection.call((client) => client.get({ index, id: "1" }))
    expect(found.body._source).toEqual({ text })
    expect(found.headers?.["content-encoding"]).toBe(compress ? "gzip" : undefined)
  })

  it("gives a document whose fields have the names of JavaScript's own", async () => {
    const connection = connect({ hosts: openSearchUrl() })
    const text = '{"__proto__": {"a": 1}, "constructor": {"prototype": 2}}'
    await connection.call((client) =>
      client.index({ index: `${prefix}own`, id: "1", body: JSON.parse(text) }),
    )
    const found = await connection.call((client) => client.get({ index: `${prefix}own`, id: "1" }))
    expect(JSON.stringify(found.body._source)).toBe(JSON.stringify(JSON.parse(text)))
  })

  it("tells what OpenSearch refuses by status, type and reason", async () => {
    const connection = connect({ hosts: openSearchUrl() })
    const index = `${prefix}missing`
    const refused = connection.call((client) => client.search({ index }))
    await expect(refused).rejects.toBeInstanceOf(OsResponseError)
    await expect(refused).rejects.toMatchObject({
      status: 404,
      type: "index_not_found_exception",
      reason: `no such index [${index}]`,
    })
  })

  it("tells what OpenSearch refuses in a sentence", async () => {
    const connection = connect({ hosts: openSearchUrl() })
    const refused = connection.call((client) =>
      client.transport.request({ method: "POST", path: "/_nothing/here" }),
    )
    await expect(refused).rejects.toMatchObject({
      status: 400,
      type: "",
      reason: expect.stringContaining("no handler found for uri [/_nothing/here]"),
    })
  })

  it("says that an index takes no changes, and does not blame the credentials", async () => {
    const connection = connect({ hosts: openSearchUrl() })
    const index = `${prefix}full`
    const settings = { "index.blocks.write": true }
    await connection.call((client) => client.indices.create({ index, body: { settings } }))
    const refused = connection.call((client) => client.index({ index, body: {} }))
    await expect(refused).rejects.toThrow(new OsUnavailableError("OpenSearch takes no changes"))
  })

  it("has closed its sockets when it is closed, and opens others for the next call", async () => {
    const { hostname: host, port } = new URL(openSearchUrl())
    const proxy = await startTcpProxy({ host, port: Number(port) })
    closedAfterTest({ close: () => proxy.cut() })
    const connection = connect({ hosts: `127.0.0.1:${proxy.port}` })
    await connection.call(info)
    expect(proxy.sockets()).toBeGreaterThan(0)
    await connection.close()
    await expect.poll(() => proxy.sockets()).toBe(0)
    expect((await connection.call(info)).statusCode).toBe(200)
  })

  it("works again when OpenSearch is back", async () => {
    const { hostname: host, port } = new URL(openSearchUrl())
    const proxy = await startTcpProxy({ host, port: Number(port) })
    closedAfterTest({ close: () => proxy.cut() })
    const connection = connect({ hosts: `127.0.0.1:${proxy.port}` })
    await connection.call(info)
    await proxy.cut()
    await expect(connection.call(info)).rejects.toBeInstanceOf(OsUnavailableError)
    await proxy.open()
    expect((await connection.call(info)).statusCode).toBe(200)
  })

  it("goes on with the nodes that are left", async () => {
    const dead = `127.0.0.1:${await freePort()}`
    const connection = connect({ hosts: [dead, openSearchUrl(), dead] })
    for (let call = 0; call < 4; call++) {
      expect((await connection.call(info)).statusCode).toBe(200)
    }
  })
})

describe("a connection with what is not as it should be", () => {
  let answer: (request: IncomingMessage, response: ServerResponse) => void
  let requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    answer(request, response)
  })
  let port = 0
  beforeAll(async () => {
    await once(server.listen(0, "127.0.0.1"), "listening")
    const address = server.address()
    if (typeof address === "object" && address !== null) port = address.port
  })
  afterEach(() => {
    requests = []
    server.closeAllConnections()
  })
  afterAll(() => server.close())

  const SECRET = "s3cret"
  const JSON_HEADERS = { "content-type": "application/json" }
  const call = (options: object = {}, work = info) =>
    connect({ hosts: `user:${SECRET}@127.0.0.1:${port}`, ...options }).call(work)
  const json = (status: number, body: unknown) => {
    answer = (_, response) => {
      response.writeHead(status, JSON_HEADERS).end(JSON.stringify(body))
    }
  }

  it("sends user, password and headers, and how it would like answers", async () => {
    json(200, {})
    await call({ headers: { "X-Tenant": "lhcb" }, opaque_id: "spinor", http_compress: true })
    expect(requests[0]?.headers).toMatchObject({
      authorization: `Basic ${btoa(`user:${SECRET}`)}`,
      "x-tenant": "lhcb",
      "x-opaque-id": "spinor",
      "accept-encoding": "gzip,deflate",
    })
  })

  it("sends an empty password, and nothing where there is no user", async () => {
    json(200, {})
    await call({ hosts: `127.0.0.1:${port}`, http_auth: "user:" })
    await call({ hosts: `127.0.0.1:${port}` })
    expect(requests.map(({ headers }) => headers.authorization)).toEqual([
      `Basic ${btoa("user:")}`,
      undefined,
    ])
  })

  it("asks under the prefix of the URL", async () => {
    json(200, {})
    await call({ hosts: `http://127.0.0.1:${port}/a/b` }, (client) => client.cluster.health())
    expect(requests[0]?.url).toBe("/a/b/_cluster/health")
  })

  it.each([
    [429, "OpenSearch is away"],
    [502, "OpenSearch is away"],
    [503, "OpenSearch is away"],
    [504, "OpenSearch is away"],
    [401, "OpenSearch refuses our credentials"],
    [403, "OpenSearch refuses our credentials"],
  ])("takes a %d for unavailable, and asks once", async (status, message) => {
    json(status, { error: { type: "some_exception", reason: "why" }, status })
    const refused = call()
    await expect(refused).rejects.toBeInstanceOf(UnavailableError)
    await expect(refused).rejects.toMatchObject({
      message,
      cause: { status, type: "some_exception", reason: "why" },
    })
    expect(requests).toHaveLength(1)
  })

  it("takes an answer that is no JSON for unavailable, without a word of it", async () => {
    answer = (_, response) => {
      response.writeHead(200, JSON_HEADERS).end(`{${SECRET}`)
    }
    const refused = await call().catch((error: unknown) => error)
    expect(refused).toEqual(new OsUnavailableError("OpenSearch is away"))
    expect(told(refused)).not.toContain(SECRET)
  })

  it.each<[what: string, status: number, headers: Record<string, string>]>([
    ["a page", 200, { "content-type": "text/html" }],
    ["a redirection", 302, { "content-type": "application/json", location: "/login" }],
    ["nothing that has a type", 200, {}],
  ])("takes %s for unavailable, and asks once", async (_, status, headers) => {
    answer = (_, response) => response.writeHead(status, headers).end("<p>Log in</p>")
    await expect(call()).rejects.toMatchObject({
      message: "OpenSearch is away",
      cause: { message: "It answers with what is no JSON" },
    })
    expect(requests).toHaveLength(1)
  })

  it("tells the first line of why it is refused: AWS quotes the session's token below it", async () => {
    const reason = "The request signature we calculated does not match"
    json(403, { message: `${reason}\n\nx-amz-security-token:${SECRET}` })
    const refused = await call().catch((error: unknown) => error)
    expect(refused).toMatchObject({ cause: { status: 403, reason } })
    expect(told(refused)).not.toContain(SECRET)
  })

  it("asks once more when the connection breaks before there is an answer", async () => {
    answer = (request) => {
      json(200, {})
      request.socket.destroy()
    }
    expect((await call()).statusCode).toBe(200)
    expect(requests).toHaveLength(2)
  })

  it("does not ask again when the connection breaks in an answer", async () => {
    answer = (request, response) => {
      response.writeHead(200, JSON_HEADERS).write("{")
      setImmediate(() => request.socket.destroy())
    }
    await expect(call()).rejects.toBeInstanceOf(OsUnavailableError)
    expect(requests).toHaveLength(1)
  })

  it.each<[silence: string, begin: (response: ServerResponse) => void]>([
    ["before an answer", () => {}],
    ["in an answer", (response) => response.writeHead(200, JSON_HEADERS).write("{")],
  ])(
    "waits no longer than its time-out for one that keeps silent %s",
    { retry: 2 },
    async (_, begin) => {
      answer = (_, response) => begin(response)
      const began = performance.now()
      const refused = await call({ timeout: 0.2 }).catch((error: unknown) => error)
      expect(performance.now() - began).toBeLessThan(2000)
      expect(refused).toEqual(new OsUnavailableError("OpenSearch is away"))
      expect(requests).toHaveLength(1)
    },
  )

  it("waits no longer than its time-out for one that never comes to an end", async () => {
    answer = (_, response) => {
      response.writeHead(200, JSON_HEADERS)
      const drip = setInterval(() => response.write(" "), 50)
      response.on("close", () => clearInterval(drip))
    }
    await expect(call({ timeout: 0.3 })).rejects.toBeInstanceOf(OsUnavailableError)
    expect(requests).toHaveLength(1)
  })

  it("may wait less for one request", async () => {
    answer = () => {}
    const refused = call({}, (client) => client.info({}, { requestTimeout: 100 }))
    await expect(refused).rejects.toBeInstanceOf(OsUnavailableError)
  })

  it("says that nothing listens, and where, without the password", async () => {
    const free = await freePort()
    const refused = await call({ hosts: `user:${SECRET}@127.0.0.1:${free}` }).catch(
      (error: unknown) => error,
    )
    expect(refused).toEqual(new OsUnavailableError("OpenSearch is away"))
    expect(told(refused)).toContain(`ECONNREFUSED 127.0.0.1:${free}`)
    expect(told(refused)).not.toContain(SECRET)
  })

  it("lets through what the work itself throws", async () => {
    const own = new TypeError("own")
    await expect(call({}, () => Promise.reject(own))).rejects.toBe(own)
  })

  it("tells where it is without the password", () => {
    const { place } = connect({ hosts: [`user:${SECRET}@os`, `https://user:${SECRET}@two/p`] })
    expect(place).toBe("http://os:9200/, https://two/p")
  })
})

/** All that a log could hold of an error. */
const told = (error: unknown): string =>
  [...causes(error)]
    .map(
      (cause) =>
        `${String(cause)} ${JSON.stringify(cause)} ${inspect(cause, { depth: 9, showHidden: true })}`,
    )
    .join("\n")
