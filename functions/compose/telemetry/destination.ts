import type { LogRecordExporter } from "@opentelemetry/sdk-logs"
import type { PushMetricExporter } from "@opentelemetry/sdk-metrics"
import type { SpanExporter } from "@opentelemetry/sdk-trace"

/** A place that takes telemetry. */
export interface Destination {
  readonly spans: SpanExporter
  readonly logs: LogRecordExporter
  /** Undefined where metrics are not taken. */
  readonly metrics: PushMetricExporter | undefined
}
