import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { createServer, request } from "node:http"
import { ExportResultCode, type ExportResult } from "@opentelemetry/core"
import { resourceFromAttributes } from "@opentelemetry/resources"
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace"
import { describe, expect, it, onTestFinished } from "vitest"
import { systemRandom } from "@spinor/core/security/random"
import { ss4oExporters } from "@spinor/db/os/telemetry/exporter"
import { freePort } from "../../support/free-port.ts"
import { openSearchRunsHere, openSearchUrl } from "../../support/opensearch.ts"
import { startSilentServer } from "../../support/silent-server.ts"
import { connected } from "./connected.ts"

/** Spans that have ended, one for each set of attributes. */
function spansWith(...attributes: Record<string, string | number>[]) {
  const exporter = new InMemorySpanExporter()
  const resource = resourceFromAttributes({ "service.name": "test" })
  const provider = new TracerProvider({
    resource,
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  })
  const tracer = provider.getTracer("test")
  for (const each of attributes) {
    tracer
      .startSpan("work", { attributes: each })
      .addEvent("happened", { "why.not": 1 })
      .addLink({ context: { traceId: "a".repeat(32), spanId: "b".repeat(16), traceFlags: 1 } })
      .end()
  }
  return exporter.getFinishedSpans()
}

/** An exporter into a stream of the test's own. */
function exporterTo(url: string) {
  const stage = `Test ${randomBytes(6).toString("hex")}`
  const connection = connected({ hosts: url, timeout: 5 })
  const { spans } = ss4oExporters({ connection, stage, random: systemRandom })
  const stream = `ss4o_traces-spinor-${stage.toLowerCase().replace(" ", "_")}`
  onTestFinished(async () => {
    await connection.close()
    if (openSearchRunsHere()) await ask("DELETE", `_data_stream/${stream}*`)
  })
  const send = (batch: ReturnType<typeof spansWith>) =>
    new Promise<ExportResult>((resolve) => spans.export(batch, resolve))
  return { stream, spans, send }
}

const ask = async (method: string, path: string) =>
  await (await fetch(new URL(path, openSearchUrl()), { method })).json()

async function found(stream: string) {
  await ask("POST", `${stream}/_refresh`)
  const { hits } = JSON.parse(JSON.stringify(await ask("GET", `${stream}/_search`)))
  return hits.hits.map(({ _source }: { _source: unknown }) => _source)
}

/** A way to the node that forbids what has to do with templates, as for a user who may only write. */
async function forbidTemplates(): Promise<string> {
  const server = createServer((incoming, response) => {
    if (incoming.url?.startsWith("/_index_template")) {
      response.writeHead(403).end()
      return
    }
    const { method, headers, url = "" } = incoming
    const forwarded = request(new URL(url, openSearchUrl()), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    incoming.pipe(forwarded)
  }).listen(0, "127.0.0.1")
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("A TCP server has a port")
  return `http://127.0.0.1:${address.port}`
}

describe.skipIf(!openSearchRunsHere())("spans in OpenSearch", () => {
  it("keep their events and links", async () => {
    const { send, stream } = exporterTo(openSearchUrl())
    expect(await send(spansWith({ a: 1 }))).toEqual({ code: ExportResultCode.SUCCESS })
    expect(await found(stream)).toMatchObject([
      {
        serviceName: "test",
        events: [{ name: "happened", attributes: { "why.not": 1 } }],
        links: [{ traceId: "a".repeat(32), spanId: "b".repeat(16) }],
      },
    ])
  })

  it("are there once, when they are sent twice", async () => {
    const { send, stream } = exporterTo(openSearchUrl())
    const spans = spansWith({}, {})
    expect(await send(spans)).toEqual({ code: ExportResultCode.SUCCESS })
    expect(await send(spans)).toEqual({ code: ExportResultCode.SUCCESS })
    expect(await found(stream)).toHaveLength(2)
  })

  it("are refused one by one", async () => {
    const { send, stream } = exporterTo(openSearchUrl())
    expect(await send(spansWith({ a: "text" }, { "a.b": "text" }, { c: "text" }))).toEqual({
      code: ExportResultCode.FAILED,
      error: new Error("OpenSearch refuses 1 of 3 documents: mapper_parsing_exception"),
    })
    expect(await found(stream)).toHaveLength(2)
  })

  it("are written by a user who may make no templates", async () => {
    const { send, stream } = exporterTo(await forbidTemplates())
    expect(await send(spansWith({}))).toEqual({ code: ExportResultCode.SUCCESS })
    expect(await found(stream)).toHaveLength(1)
  })
})

describe("spans without an OpenSearch", () => {
  it("fail, and do not throw", async () => {
    const { send } = exporterTo(`http://127.0.0.1:${await freePort()}`)
    expect(await send(spansWith({}))).toMatchObject({ code: ExportResultCode.FAILED })
  })

  it("wait in no more than eight batches", async () => {
    const silent = await startSilentServer()
    const { spans, send } = exporterTo(`http://127.0.0.1:${silent.port}`)
    const results: ExportResult[] = []
    for (let batch = 0; batch < 8; batch++)
      spans.export(spansWith({}), (each) => results.push(each))
    expect(await send(spansWith({}))).toMatchObject({
      code: ExportResultCode.FAILED,
      error: new Error("8 batches wait for OpenSearch"),
    })
    expect(results).toEqual([])
    silent.close()
    await spans.forceFlush?.()
    expect(results).toHaveLength(8)
  })
})
