import { metrics, SpanKind, SpanStatusCode, trace, type Attributes } from "@opentelemetry/api"
import type { SqlTelemetry, StatementOutcome } from "./telemetry.ts"

const SCOPE = "spinor.db"

/** As OpenTelemetry's semantic conventions for databases name them. */
const SYSTEMS = { mysql: "mysql", postgresql: "postgresql", sqlite: "sqlite" } as const

/** Seconds, as the semantic conventions want them. */
const BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]

/**
 * Spans and metrics of databases through OpenTelemetry's API: they go where the process has set up an
 * SDK (semantic conventions for database client calls, stable).
 */
export function openTelemetry(): SqlTelemetry {
  const tracer = trace.getTracer(SCOPE)
  const meter = metrics.getMeter(SCOPE)
  const seconds = { unit: "s", advice: { explicitBucketBoundaries: BUCKETS } }
  const statements = meter.createHistogram("db.client.operation.duration", seconds)
  const units = meter.createHistogram("spinor.db.unit_of_work.duration", seconds)
  const waits = meter.createHistogram("db.client.connection.wait_time", seconds)
  const repeats = meter.createCounter("spinor.db.unit_of_work.repeats")

  const timed = <Result>(
    name: string,
    { kind, attributes }: { kind: SpanKind; attributes: Attributes },
    work: () => Promise<Result>,
    ended: (outcome: { result: Result } | { error: unknown }, seconds: number) => Attributes,
  ): Promise<Result> =>
    tracer.startActiveSpan(name, { kind, attributes }, async (span) => {
      const began = performance.now()
      const took = () => (performance.now() - began) / 1000
      try {
        const result = await work()
        span.setAttributes(ended({ result }, took()))
        return result
      } catch (error) {
        span.setAttributes(ended({ error }, took())).setStatus({ code: SpanStatusCode.ERROR })
        throw error
      } finally {
        span.end()
      }
    })

  return {
    unit({ operation, databases }, work) {
      const attributes = { "spinor.db.operation": operation, "db.namespace": databases.join() }
      return timed(
        `${operation} ${attributes["db.namespace"]}`,
        { kind: SpanKind.INTERNAL, attributes },
        work,
        (outcome, duration) => {
          const failure = "error" in outcome ? { "error.type": classOf(outcome.error) } : {}
          units.record(duration, { ...attributes, ...failure })
          return failure
        },
      )
    },
    statement({ dialect, database, operation, table }, work, outcomeOf) {
      const attributes = {
        "db.system.name": SYSTEMS[dialect],
        "db.namespace": database,
        "db.operation.name": operation,
        ...(table !== undefined && { "db.collection.name": table }),
      }
      return timed(
        table === undefined ? operation : `${operation} ${table}`,
        { kind: SpanKind.CLIENT, attributes },
        work,
        (outcome, duration) => {
          const { rows, fault }: StatementOutcome = outcomeOf(outcome)
          const failure = fault === undefined ? {} : { "error.type": fault }
          statements.record(duration, { ...attributes, ...failure })
          if (rows === undefined) return failure
          const name =
            operation === "SELECT" ? "db.response.returned_rows" : "spinor.db.changed_rows"
          return { ...failure, [name]: rows }
        },
      )
    },
    waited(dialect, milliseconds) {
      waits.record(milliseconds / 1000, { "db.system.name": SYSTEMS[dialect] })
    },
    repeated(database, fault) {
      repeats.add(1, { "db.namespace": database, "error.type": fault })
    },
  }
}

const classOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)
