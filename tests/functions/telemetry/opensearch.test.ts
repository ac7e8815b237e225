import { randomBytes } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest"
import { ss4oTemplates } from "@spinor/db/os/telemetry/templates"
import { freePort } from "../../support/free-port.ts"
import { lambdaRunsHere } from "../../support/lambda/runtime-client.ts"
import { openSearchRunsHere, openSearchUrl } from "../../support/opensearch.ts"
import { startServer } from "../../support/server.ts"
import { startSilentServer } from "../../support/silent-server.ts"
import { useApi } from "./asked-api.ts"

const canRun = await lambdaRunsHere()
const LOGIN = "/api/auth/device?client_id=myDIRACClientID&scope=vo:testvo"
const METADATA = "/.well-known/dirac-metadata"

const freshStage = () => `test${randomBytes(6).toString("hex")}`
const clientOf = (url: string) => JSON.stringify({ hosts: url })

/** Any JSON: a path of it that is not there is undefined. */
type Json = ReturnType<typeof JSON.parse>

async function ask(
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: Json }> {
  const json = { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }
  const response = await fetch(new URL(`/${path}`, openSearchUrl()), {
    method,
    ...(body !== undefined && json),
  })
  return { status: response.status, body: await response.json() }
}

/** All documents of a stream, the oldest first. */
async function documents(stream: string) {
  await ask("POST", `${stream}/_refresh`)
  const { status, body } = await ask("POST", `${stream}/_search`, {
    size: 1000,
    sort: ["@timestamp"],
  })
  expect(status).toBe(200)
  return body.hits.hits.map(({ _source }: { _source: unknown }) => _source)
}

const forget = (stage: string) => ask("DELETE", `_data_stream/ss4o_*-spinor-${stage}`)

describe.skipIf(!openSearchRunsHere())("telemetry in OpenSearch", () => {
  const stage = freshStage()
  const traceId = randomBytes(16).toString("hex")
  const caller = randomBytes(8).toString("hex")
  const [traces, logs] = [`ss4o_traces-spinor-${stage}`, `ss4o_logs-spinor-${stage}`]
  beforeAll(async () => {
    // As the observability plugin makes it, with which attributes that have dots in their names fail.
    const { status } = await ask("PUT", "_index_template/ss4o_traces_template", {
      index_patterns: ["ss4o_traces-*-*"],
      data_stream: {},
      priority: 1,
      template: {
        mappings: {
          dynamic_templates: [
            { attributes: { path_match: "attributes.*", mapping: { type: "keyword" } } },
          ],
        },
      },
    })
    expect(status).toBe(200)
    const folder = await mkdtemp(join(tmpdir(), "spinor-telemetry-"))
    const server = await startServer({
      SPINOR_DATA_DIR: folder,
      SPINOR_STAGE: stage,
      SPINOR_OTEL_OPENSEARCH: clientOf(openSearchUrl()),
    })
    await fetch(`${server.url}${LOGIN}`, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        traceparent: `00-${traceId}-${caller}-01`,
      },
    })
    await fetch(`${server.url}/api/nothing`)
    expect(await server.stop()).toBe(0)
    await rm(folder, { recursive: true, force: true })
  })
  afterAll(() => forget(stage))

  it("has the spans of a request in the fields of the schema", async () => {
    const spans = await documents(traces)
    const request = spans.find(({ kind }: { kind: string }) => kind === "Server")
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
    expect(request).toEqual({
      "@timestamp": request.startTime,
      traceId,
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
      parentSpanId: caller,
      traceState: "",
      name: "POST /api/auth/device",
      kind: "Server",
      serviceName: "diracx",
      startTime: time,
      endTime: time,
      status: { code: "Unset", message: "" },
      attributes: {
        "http.request.method": "POST",
        "url.scheme": "http",
        "url.path": "/api/auth/device",
        "http.response.status_code": 200,
        "http.route": "/api/auth/device",
        data_stream: { dataset: "spinor", namespace: stage, type: "span" },
      },
      resource: expect.objectContaining({
        "service.name": "diracx",
        "service.version": "0.1.0",
        "deployment.environment.name": stage,
        "process.pid": expect.stringMatching(/^\d+$/),
      }),
      instrumentationScope: { name: "spinor.http", version: "", schemaUrl: "" },
      events: [],
      links: [],
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    })
    const below = (parent: string) =>
      spans.filter(({ parentSpanId }: { parentSpanId: string }) => parentSpanId === parent)
    const units = below(request.spanId)
    expect(units).toContainEqual(
      expect.objectContaining({ traceId, name: "write AuthDB", kind: "Internal" }),
    )
    expect(units.flatMap(({ spanId }: { spanId: string }) => below(spanId))).toContainEqual(
      expect.objectContaining({ name: "INSERT DeviceFlows", kind: "Client" }),
    )
  })

  it("has the lines of the log, which name the span", async () => {
    const request = (await documents(traces)).find(
      ({ kind }: { kind: string }) => kind === "Server",
    )
    const lines = await documents(logs)
    expect(lines.filter((line: { traceId: string }) => line.traceId === traceId)).toEqual([
      {
        "@timestamp": expect.any(String),
        observedTimestamp: expect.any(String),
        traceId,
        spanId: request.spanId,
        body: "POST /api/auth/device 200",
        severity: { number: 9, text: "INFO" },
        attributes: expect.objectContaining({
          "http.response.status_code": 200,
          data_stream: { dataset: "spinor", namespace: stage, type: "record" },
        }),
        resource: expect.objectContaining({ "service.name": "diracx" }),
        instrumentationScope: { name: "spinor", version: "", schemaUrl: "" },
      },
    ])
  })

  it("can be asked for what the schema's fields and our attributes say", async () => {
    const { body } = await ask("POST", `${traces}/_search`, {
      size: 0,
      query: {
        bool: {
          filter: [
            { term: { "resource.service.name": "diracx" } },
            { term: { kind: "Server" } },
            { range: { "attributes.http.response.status_code": { gte: 200 } } },
            { range: { startTime: { gte: "now-1h" } } },
          ],
        },
      },
      aggs: { routes: { terms: { field: "attributes.http.route" } } },
    })
    expect(body.aggregations.routes.buckets).toEqual([{ key: "/api/auth/device", doc_count: 1 }])
    const found = await ask("POST", `${logs}/_search`, {
      query: { match: { body: "nothing 404" } },
    })
    expect(found.body.hits.total.value).toBeGreaterThan(0)
  })

  it("can be asked for parts of a millisecond, though the first request took whole ones", async () => {
    const field = "attributes.spinor.request.milliseconds"
    const { body } = await ask("GET", `${logs}/_field_caps?fields=${field}`)
    expect(Object.keys(body.fields[field])).toEqual(["double"])
  })

  it("is in data streams of our templates, whatever template fits all of the schema", async () => {
    const { body } = await ask("GET", `_data_stream/ss4o_*-spinor-${stage}`)
    const streams: { name: string; template: string }[] = body.data_streams
    expect(streams.map(({ name, template }) => [name, template])).toEqual([
      [logs, "ss4o_logs_spinor_template"],
      [traces, "ss4o_traces_spinor_template"],
    ])
    for (const { name } of ss4oTemplates()) {
      expect((await ask("GET", `_index_template/${name}`)).status).toBe(200)
    }
  })
})

describe.skipIf(!canRun)("telemetry of a function in OpenSearch", () => {
  const askApi = useApi()

  it.skipIf(!openSearchRunsHere())(
    "is there when the answer is, though a collector is away",
    async () => {
      const stage = freshStage()
      onTestFinished(async () => void (await forget(stage)))
      const { answers, log } = await askApi([METADATA, METADATA], {
        SPINOR_STAGE: stage,
        SPINOR_OTEL_OPENSEARCH: "true",
        DIRACX_OS_DB_JOBPARAMETERSDB: clientOf(openSearchUrl()),
        DIRACX_OTEL_ENABLED: "true",
        DIRACX_OTEL_GRPC_ENDPOINT: `127.0.0.1:${await freePort()}`,
      })
      expect(log.match(/TelemetryError: 14 UNAVAILABLE/g)).toHaveLength(1)
      expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200])
      expect(await documents(`ss4o_traces-spinor-${stage}`)).toHaveLength(2)
      expect(await documents(`ss4o_logs-spinor-${stage}`)).toHaveLength(2)
    },
  )

  it.skipIf(!openSearchRunsHere())(
    "is there when the answer is, though a collector says nothing",
    async () => {
      const stage = freshStage()
      const silent = await startSilentServer()
      onTestFinished(async () => {
        silent.close()
        await forget(stage)
      })
      const { answers } = await askApi([METADATA, METADATA, METADATA], {
        SPINOR_STAGE: stage,
        SPINOR_OTEL_OPENSEARCH: clientOf(openSearchUrl()),
        DIRACX_OTEL_ENABLED: "true",
        DIRACX_OTEL_GRPC_ENDPOINT: `127.0.0.1:${silent.port}`,
      })
      expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200])
      expect(await documents(`ss4o_traces-spinor-${stage}`)).toHaveLength(3)
    },
  )

  it("changes no answer when OpenSearch is away", { retry: 2 }, async () => {
    const { answers, log } = await askApi([METADATA, METADATA], {
      SPINOR_OTEL_OPENSEARCH: clientOf(`http://127.0.0.1:${await freePort()}`),
    })
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200])
    for (const { milliseconds } of answers) expect(milliseconds).toBeLessThan(2000)
    expect(log.match(/TelemetryError: OpenSearch is away/g)).toHaveLength(1)
  })

  it("delays one answer by two seconds when OpenSearch says nothing", { retry: 2 }, async () => {
    const silent = await startSilentServer()
    onTestFinished(silent.close)
    const { answers } = await askApi([METADATA, METADATA], {
      SPINOR_OTEL_OPENSEARCH: clientOf(`http://127.0.0.1:${silent.port}`),
    })
    const [first = 0, second = 0] = answers.map(({ milliseconds }) => milliseconds)
    expect(first).toBeGreaterThan(1900)
    expect(first).toBeLessThan(3500)
    expect(second).toBeLessThan(500)
  })

  it("is refused when no variable names the cluster", async () => {
    const asked = askApi([METADATA], { SPINOR_OTEL_OPENSEARCH: "true" })
    await expect(asked).rejects.toThrow(
      "SPINOR_OTEL_OPENSEARCH is true, but DIRACX_OS_DB_JOBPARAMETERSDB is not set",
    )
  })
})
