import { randomBytes } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest"
import { collectorEndpoints, collectorRunsHere, received } from "../../support/collector.ts"
import { freePort } from "../../support/free-port.ts"
import { startSilentServer } from "../../support/silent-server.ts"
import { startServer, type Server } from "../../support/server.ts"

const SERVER = 2
const ERROR = 2
/** A request that writes to a database; its query is nobody's business. */
const LOGIN = "/api/auth/device?client_id=myDIRACClientID&scope=vo:testvo"
const FORM = { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" } }

const freshName = () => `test-${randomBytes(6).toString("hex")}`

/** A service of one machine, in a folder of its own. */
async function serverWith(env: Record<string, string>): Promise<Server & { folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), "spinor-telemetry-"))
  const server = await startServer({ SPINOR_DATA_DIR: folder, DIRACX_OTEL_ENABLED: "true", ...env })
  const stop = async () => {
    const code = await server.stop()
    await rm(folder, { recursive: true, force: true })
    return code
  }
  return { ...server, folder, stop }
}

const problems = ({ output }: Server) =>
  output()
    .split("\n")
    .filter((line) => line.includes("TelemetryError"))

describe.skipIf(!collectorRunsHere())("a service with a collector", () => {
  const name = freshName()
  const traceId = randomBytes(16).toString("hex")
  const caller = randomBytes(8).toString("hex")
  let server: Server
  beforeAll(async () => {
    const { grpc, headers } = collectorEndpoints()
    server = await serverWith({
      DIRACX_OTEL_APPLICATION_NAME: name,
      DIRACX_OTEL_GRPC_ENDPOINT: grpc,
      DIRACX_OTEL_HEADERS: JSON.stringify(headers),
      SPINOR_STAGE: "test",
    })
    const headersOf = { ...FORM.headers, traceparent: `00-${traceId}-${caller}-01` }
    expect((await fetch(`${server.url}${LOGIN}`, { ...FORM, headers: headersOf })).status).toBe(200)
    expect((await fetch(`${server.url}/api/jobs/1/nothing?token=secret`)).status).toBe(404)
    expect(await server.stop()).toBe(0)
    // The collector answers before it writes what it was given.
    const arrived = async () => {
      const { spans, logs, metrics } = await received(name)
      return [spans, logs, metrics].every((each) => each.length > 0)
    }
    await vi.waitUntil(arrived, { timeout: 5000 })
  })

  it("gives it a span for the request, below the caller's", async () => {
    const { spans } = await received(name)
    expect(spans.filter(({ kind }) => kind === SERVER)).toEqual([
      {
        traceId,
        spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
        parentSpanId: caller,
        name: "POST /api/auth/device",
        kind: SERVER,
        status: {},
        attributes: {
          "http.request.method": "POST",
          "url.scheme": "http",
          "url.path": "/api/auth/device",
          "http.response.status_code": 200,
          "http.route": "/api/auth/device",
        },
      },
      expect.objectContaining({
        name: "GET",
        attributes: expect.objectContaining({ "http.response.status_code": 404 }),
      }),
    ])
  })

  it("gives it the spans of databases, below the request's", async () => {
    const { spans } = await received(name)
    const request = spans.find(({ kind }) => kind === SERVER)
    const units = spans.filter(({ parentSpanId }) => parentSpanId === request?.spanId)
    expect(units).toContainEqual(expect.objectContaining({ traceId, name: "write AuthDB" }))
    const ids = new Set(units.map(({ spanId }) => spanId))
    const statements = spans.filter(({ parentSpanId }) => ids.has(parentSpanId))
    expect(statements.map((statement) => statement.name)).toContain("INSERT DeviceFlows")
  })

  it("gives it the lines of the log, which name the request's span", async () => {
    const { spans, logs } = await received(name)
    const request = spans.find(({ kind }) => kind === SERVER)
    expect(logs.filter((log) => log.traceId === traceId)).toEqual([
      {
        traceId,
        spanId: request?.spanId,
        severityText: "INFO",
        body: "POST /api/auth/device 200",
        attributes: {
          "spinor.request.id": expect.any(String),
          "spinor.request.milliseconds": expect.any(Number),
          "http.request.method": "POST",
          "url.path": "/api/auth/device",
          "http.response.status_code": 200,
        },
      },
    ])
    expect(logs.filter(({ severityText }) => severityText === "WARN")).toHaveLength(1)
  })

  it("gives it metrics, and says which instance it is", async () => {
    const { metrics, resource } = await received(name)
    expect(metrics).toEqual(
      expect.arrayContaining([
        "http.server.request.duration",
        "db.client.operation.duration",
        "spinor.db.unit_of_work.duration",
      ]),
    )
    expect(resource).toMatchObject({
      "service.name": name,
      "service.version": "0.1.0",
      "service.instance.id": expect.stringMatching(/^[0-9a-f-]{36}$/),
      "deployment.environment.name": "test",
    })
  })

  it("tells neither queries nor probes", async () => {
    const text = JSON.stringify(await received(name))
    expect(text).not.toMatch(/secret|vo:testvo|client_id=/)
    // Which the start of the server waited for.
    const { spans } = await received(name)
    expect(spans.map(({ attributes }) => attributes["url.path"])).not.toContain("/api/health/ready")
    expect(spans.map((span) => span.name)).not.toContain("read AuthDB")
  })

  it("is heard over HTTP too, when it shall be", async () => {
    const { http, headers } = collectorEndpoints()
    const own = freshName()
    const server = await serverWith({
      DIRACX_OTEL_APPLICATION_NAME: own,
      DIRACX_OTEL_PROTOCOL: "http",
      DIRACX_OTEL_HTTP_ENDPOINT: `${http}/`,
      DIRACX_OTEL_HEADERS: JSON.stringify(headers),
    })
    await fetch(`${server.url}/api/config/`)
    await server.stop()
    const { spans, logs, metrics } = await received(own)
    expect(spans).toContainEqual(
      expect.objectContaining({ name: "GET /api/config/", kind: SERVER, status: {} }),
    )
    expect(logs.map(({ body }) => body)).toContain("GET /api/config/ 401")
    expect(metrics).toContain("http.server.request.duration")
  })

  it("is not heard without the headers, and says so once", async () => {
    const own = freshName()
    const server = await serverWith({
      DIRACX_OTEL_APPLICATION_NAME: own,
      DIRACX_OTEL_GRPC_ENDPOINT: collectorEndpoints().grpc,
    })
    await fetch(`${server.url}/api/config/`)
    expect(await server.stop()).toBe(0)
    expect((await received(own)).spans).toEqual([])
    expect(problems(server)).toHaveLength(1)
    expect(problems(server)[0]).toContain("UNAUTHENTICATED")
  })

  it("marks the span of a request that failed inside", async () => {
    const { grpc, headers } = collectorEndpoints()
    const own = freshName()
    const server = await serverWith({
      DIRACX_OTEL_APPLICATION_NAME: own,
      DIRACX_OTEL_GRPC_ENDPOINT: grpc,
      DIRACX_OTEL_HEADERS: JSON.stringify(headers),
    })
    const database = new DatabaseSync(join(server.folder, "spinor.db"), { timeout: 5000 })
    database.exec("drop table spinor_attempts")
    database.close()
    expect((await fetch(`${server.url}${LOGIN}`, FORM)).status).toBe(500)
    await server.stop()
    const { spans, logs } = await received(own)
    expect(spans).toContainEqual(
      expect.objectContaining({
        name: "POST /api/auth/device",
        status: { code: ERROR },
        attributes: expect.objectContaining({ "error.type": expect.any(String) }),
      }),
    )
    expect(logs.filter(({ severityText }) => severityText === "ERROR")).toHaveLength(2)
  })
})

describe("a service whose collector is away", () => {
  const asked = async (server: Server): Promise<{ status: number; milliseconds: number }> => {
    const began = performance.now()
    const { status } = await fetch(`${server.url}${LOGIN}`, FORM)
    return { status, milliseconds: performance.now() - began }
  }

  it("answers as it did, and says so once", { retry: 2 }, async () => {
    const server = await serverWith({
      DIRACX_OTEL_GRPC_ENDPOINT: `127.0.0.1:${await freePort()}`,
    })
    const { status, milliseconds } = await asked(server)
    expect(status).toBe(200)
    expect(milliseconds).toBeLessThan(1000)
    expect(await server.stop()).toBe(0)
    expect(problems(server)).toHaveLength(1)
  })

  it(
    "answers, and stops, when the collector takes connections and says nothing",
    { retry: 2 },
    async () => {
      const silent = await startSilentServer()
      onTestFinished(silent.close)
      const server = await serverWith({ DIRACX_OTEL_GRPC_ENDPOINT: `127.0.0.1:${silent.port}` })
      const { status, milliseconds } = await asked(server)
      expect(status).toBe(200)
      expect(milliseconds).toBeLessThan(1000)
      const began = performance.now()
      expect(await server.stop()).toBe(0)
      expect(performance.now() - began).toBeLessThan(5000)
    },
  )
})
