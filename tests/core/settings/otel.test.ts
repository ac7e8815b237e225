import { describe, expect, it } from "vitest"
import { readSettings, SettingsError } from "@spinor/core/settings/settings"

const linesOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readSettings(environment)
    return []
  } catch (error) {
    return error instanceof SettingsError ? error.lines : [String(error)]
  }
}

describe("the variables of telemetry", () => {
  it("are DiracX's, with its defaults", () => {
    expect(readSettings({})).toMatchObject({
      DIRACX_OTEL_ENABLED: false,
      DIRACX_OTEL_APPLICATION_NAME: "diracx",
      DIRACX_OTEL_PROTOCOL: "grpc",
      DIRACX_OTEL_GRPC_INSECURE: true,
      SPINOR_OTEL_OPENSEARCH: false,
    })
  })

  it.each(["otel-collector:4317", "[::1]:4317", "10.0.0.1:4317", "https://otel.example.org"])(
    "take %s as an endpoint of gRPC",
    (endpoint) => expect(linesOf({ DIRACX_OTEL_GRPC_ENDPOINT: endpoint })).toEqual([]),
  )

  it.each(["a b:1", "host:99999", "ftp://host", ":4317"])(
    "refuse %s as an endpoint of gRPC",
    (endpoint) =>
      expect(linesOf({ DIRACX_OTEL_GRPC_ENDPOINT: endpoint })).toEqual([
        "DIRACX_OTEL_GRPC_ENDPOINT is not host:port",
      ]),
  )

  it.each(["{", '["secret"]', '{"a": 1}', '{"a b": "c"}', '{"a-bin": "c"}', '{"a": "secret\\n"}'])(
    "refuse %s as headers, without telling it",
    (headers) =>
      expect(linesOf({ DIRACX_OTEL_HEADERS: headers })).toEqual([
        'DIRACX_OTEL_HEADERS is not an object of texts in JSON: {"a": "b"}',
      ]),
  )

  it("take a switch, or the options of a client, for OpenSearch", () => {
    const read = (text: string) => readSettings({ SPINOR_OTEL_OPENSEARCH: text })
    expect(read("true").SPINOR_OTEL_OPENSEARCH).toBe(true)
    expect(read("0").SPINOR_OTEL_OPENSEARCH).toBe(false)
    expect(read('{"hosts": "https://os.example.org:9200"}').SPINOR_OTEL_OPENSEARCH).toMatchObject({
      nodes: ["https://os.example.org:9200/"],
    })
    expect(linesOf({ SPINOR_OTEL_OPENSEARCH: '{"hostz": "secret"}' })).toEqual([
      expect.stringMatching(/^SPINOR_OTEL_OPENSEARCH holds hostz: known are hosts/),
    ])
  })
})
