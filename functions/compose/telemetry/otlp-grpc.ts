import { Metadata } from "@grpc/grpc-js"
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-grpc"
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-grpc"
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-grpc"
import type { Settings } from "@spinor/core/settings/settings"
import type { Destination } from "./destination.ts"

/** A collector that speaks OTLP over gRPC. */
export function otlpOverGrpc({
  DIRACX_OTEL_GRPC_ENDPOINT: endpoint,
  DIRACX_OTEL_GRPC_INSECURE: isInsecure,
  DIRACX_OTEL_HEADERS: headers = {},
}: Settings): Destination {
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value)
  const scheme = isInsecure ? "http" : "https"
  // Without an endpoint the exporters know their own variables and their default.
  const url = endpoint?.includes("://") ? endpoint : endpoint && `${scheme}://${endpoint}`
  const options = { metadata, ...(url !== undefined && { url }) }
  return {
    spans: new OTLPTraceExporter(options),
    logs: new OTLPLogExporter(options),
    metrics: new OTLPMetricExporter(options),
  }
}
