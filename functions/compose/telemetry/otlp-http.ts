import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto"
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto"
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto"
import type { Settings } from "@spinor/core/settings/settings"
import type { Destination } from "./destination.ts"

/** A collector that speaks OTLP over HTTP. */
export function otlpOverHttp({
  DIRACX_OTEL_HTTP_ENDPOINT: endpoint,
  DIRACX_OTEL_HEADERS: headers = {},
}: Settings): Destination {
  // Without an endpoint the exporters know their own variables and their default.
  const options = (signal: string) => ({
    headers,
    ...(endpoint !== undefined && { url: `${endpoint}/v1/${signal}` }),
  })
  return {
    spans: new OTLPTraceExporter(options("traces")),
    logs: new OTLPLogExporter(options("logs")),
    metrics: new OTLPMetricExporter(options("metrics")),
  }
}
