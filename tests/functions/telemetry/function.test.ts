import { randomBytes } from "node:crypto"
import { describe, expect, it, onTestFinished } from "vitest"
import { collectorEndpoints, collectorRunsHere, received } from "../../support/collector.ts"
import { freePort } from "../../support/free-port.ts"
import { lambdaRunsHere } from "../../support/lambda/runtime-client.ts"
import { startSilentServer } from "../../support/silent-server.ts"
import { useApi } from "./asked-api.ts"

const canRun = await lambdaRunsHere()
const PATH = "/.well-known/dirac-metadata"

const ask = useApi()

const askWith = (paths: readonly string[], env: Record<string, string>) =>
  ask(paths, { DIRACX_OTEL_ENABLED: "true", ...env })

describe.skipIf(!canRun)("telemetry of a function", () => {
  it.skipIf(!collectorRunsHere()).each(["grpc", "http"] as const)(
    "is at the collector when the answer is there, over %s",
    async (protocol) => {
      const name = `test-${randomBytes(6).toString("hex")}`
      const { grpc, http, headers } = collectorEndpoints()
      const { answers } = await askWith([PATH, PATH], {
        DIRACX_OTEL_APPLICATION_NAME: name,
        DIRACX_OTEL_PROTOCOL: protocol,
        DIRACX_OTEL_GRPC_ENDPOINT: grpc,
        DIRACX_OTEL_HTTP_ENDPOINT: http,
        DIRACX_OTEL_HEADERS: JSON.stringify(headers),
      })
      expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200])
      // The process ended with the last answer; the file is written a moment after it was received.
      await expect.poll(async () => (await received(name)).spans).toHaveLength(2)
      const { spans, logs, metrics } = await received(name)
      expect(spans.map((span) => span.name)).toEqual([`GET ${PATH}`, `GET ${PATH}`])
      expect(logs.map(({ traceId }) => traceId)).toEqual(spans.map(({ traceId }) => traceId))
      expect(metrics).toContain("http.server.request.duration")
    },
  )

  it("changes no answer when the collector is away, and says so once", async () => {
    const plain = await ask([PATH])
    const { answers, log } = await askWith([PATH, PATH, PATH], {
      DIRACX_OTEL_GRPC_ENDPOINT: `127.0.0.1:${await freePort()}`,
    })
    expect(answers.map(({ statusCode, body }) => ({ statusCode, body }))).toEqual(
      Array.from({ length: 3 }, () => ({ statusCode: 200, body: plain.answers[0]?.body })),
    )
    for (const { milliseconds } of answers) expect(milliseconds).toBeLessThan(2000)
    expect(log.match(/TelemetryError/g)).toHaveLength(1)
  })

  it("delays the first answer by two seconds, and no other, when the collector says nothing", async () => {
    const silent = await startSilentServer()
    onTestFinished(silent.close)
    const { answers, log } = await askWith([PATH, PATH, PATH], {
      DIRACX_OTEL_GRPC_ENDPOINT: `127.0.0.1:${silent.port}`,
    })
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200])
    const [first = 0, ...others] = answers.map(({ milliseconds }) => milliseconds)
    expect(first).toBeGreaterThan(1900)
    expect(first).toBeLessThan(3500)
    for (const other of others) expect(other).toBeLessThan(500)
    expect(log.match(/TelemetryError: Nobody takes telemetry in 2000 ms/g)).toHaveLength(1)
  })
})
