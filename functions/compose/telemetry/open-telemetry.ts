import { hostname } from "node:os"
import { context, logs, metrics, propagation, trace } from "@opentelemetry/api"
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks"
import { setGlobalErrorHandler, W3CTraceContextPropagator } from "@opentelemetry/core"
import { resourceFromAttributes, type Resource } from "@opentelemetry/resources"
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs"
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics"
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace"
import { systemClock } from "@spinor/core/instant"
import { systemRandom } from "@spinor/core/security/random"
import { uuid7 } from "@spinor/core/security/uuid7"
import type { Settings } from "@spinor/core/settings/settings"
import { telemetryCluster } from "@spinor/db/os/options-from-settings"
import { openTelemetry } from "@spinor/db/sql/telemetry/open-telemetry"
import manifest from "../../package.json" with { type: "json" }
import type { Destination } from "./destination.ts"
import { bounded, TelemetryError, toldSeldom } from "./failures.ts"
import { logRecords } from "./log-records.ts"
import { requestSpans } from "./request-spans.ts"
import type { Telemetry } from "./telemetry.ts"

const FLUSH_MILLISECONDS = 2000

/**
 * Makes this process's spans, log records and metrics go to where the settings say. What cannot be
 * sent waits in queues of a fixed length, and is dropped.
 */
export async function startTelemetry(
  settings: Settings,
  onProblem: (error: unknown) => void,
): Promise<Telemetry> {
  const tell = toldSeldom(onProblem)
  setGlobalErrorHandler(tell)
  const late = () => tell(new TelemetryError(`Nobody takes telemetry in ${FLUSH_MILLISECONDS} ms`))
  const flushes = provide(resourceOf(settings), await destinations(settings)).map((flush) =>
    bounded(() => flush().catch(tell), FLUSH_MILLISECONDS, late),
  )
  return {
    sql: openTelemetry(),
    trace: requestSpans(),
    keep: logRecords(),
    async flush(signal) {
      await Promise.all(flushes.map((flush) => flush(signal)))
    },
  }
}

async function destinations(settings: Settings): Promise<Destination[]> {
  const chosen: Destination[] = []
  if (settings.DIRACX_OTEL_ENABLED && settings.DIRACX_OTEL_PROTOCOL === "grpc") {
    chosen.push((await import("./otlp-grpc.ts")).otlpOverGrpc(settings))
  }
  if (settings.DIRACX_OTEL_ENABLED && settings.DIRACX_OTEL_PROTOCOL === "http") {
    chosen.push((await import("./otlp-http.ts")).otlpOverHttp(settings))
  }
  const cluster = telemetryCluster(settings)
  if (cluster !== undefined) {
    const { openSearchStreams } = await import("./opensearch.ts")
    chosen.push(openSearchStreams(cluster, settings.SPINOR_STAGE))
  }
  return chosen
}

const resourceOf = (settings: Settings): Resource =>
  resourceFromAttributes({
    "service.name": settings.DIRACX_OTEL_APPLICATION_NAME,
    "service.version": manifest.version,
    "service.instance.id": uuid7(systemClock(), systemRandom),
    "deployment.environment.name": settings.SPINOR_STAGE,
    "host.name": hostname(),
    "process.pid": process.pid,
  })

/** Sets up OpenTelemetry for the whole process, and gives for each destination what sends all that waits for it. */
function provide(
  resource: Resource,
  destinations: readonly Destination[],
): (() => Promise<void>)[] {
  const pipelines = destinations.map(({ spans, logs, metrics }) => ({
    spans: new BatchSpanProcessor({ exporter: spans }),
    logs: new BatchLogRecordProcessor({ exporter: logs }),
    metrics: metrics && new PeriodicExportingMetricReader({ exporter: metrics }),
    exporters: [spans, logs],
  }))
  const tracers = new TracerProvider({
    resource,
    spanProcessors: pipelines.map(({ spans }) => spans),
  })
  const loggers = new LoggerProvider({ resource, processors: pipelines.map(({ logs }) => logs) })
  const readers = pipelines.flatMap(({ metrics: reader }) => reader ?? [])
  const meters = new MeterProvider({ resource, readers })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  trace.setGlobalTracerProvider(tracers)
  logs.setGlobalLoggerProvider(loggers)
  metrics.setGlobalMeterProvider(meters)
  return pipelines.map(({ spans, logs, metrics: reader, exporters }) => async () => {
    const sent = await Promise.allSettled([
      spans.forceFlush(),
      logs.forceFlush(),
      reader?.forceFlush(),
    ])
    // A batch that was on its way before is nobody's but the exporter's.
    await Promise.all(exporters.map(async (exporter) => await exporter.forceFlush?.()))
    const failed = sent.find((each) => each.status === "rejected")
    if (failed !== undefined) throw failed.reason
  })
}
