import { SpanKind, SpanStatusCode, type Attributes } from "@opentelemetry/api"
import { hrTimeToTimeStamp } from "@opentelemetry/core"
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs"
import type { ReadableSpan } from "@opentelemetry/sdk-trace"
import { DATASET } from "./names.ts"

/** A document in the fields of the Simple Schema for Observability. */
export type Ss4oDocument = Readonly<Record<string, unknown>>

/** Enumerations are spelt as the collector's exporter for OpenSearch spells them. */
const KINDS: Readonly<Record<SpanKind, string>> = {
  [SpanKind.INTERNAL]: "Internal",
  [SpanKind.SERVER]: "Server",
  [SpanKind.CLIENT]: "Client",
  [SpanKind.PRODUCER]: "Producer",
  [SpanKind.CONSUMER]: "Consumer",
}

const STATUSES: Readonly<Record<SpanStatusCode, string>> = {
  [SpanStatusCode.UNSET]: "Unset",
  [SpanStatusCode.OK]: "Ok",
  [SpanStatusCode.ERROR]: "Error",
}

export function spanDocument(span: ReadableSpan, namespace: string): Ss4oDocument {
  const { traceId, spanId, traceState } = span.spanContext()
  const startTime = hrTimeToTimeStamp(span.startTime)
  return {
    "@timestamp": startTime,
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId ?? "",
    traceState: traceState?.serialize() ?? "",
    name: span.name,
    kind: KINDS[span.kind],
    serviceName: span.resource.attributes["service.name"],
    startTime,
    endTime: hrTimeToTimeStamp(span.endTime),
    status: { code: STATUSES[span.status.code], message: span.status.message ?? "" },
    attributes: { ...span.attributes, data_stream: dataStream(namespace, "span") },
    droppedAttributesCount: span.droppedAttributesCount,
    events: span.events.map(({ name, time, attributes = {}, droppedAttributesCount = 0 }) => ({
      name,
      "@timestamp": hrTimeToTimeStamp(time),
      attributes,
      droppedAttributesCount,
    })),
    droppedEventsCount: span.droppedEventsCount,
    links: span.links.map(({ context, attributes = {}, droppedAttributesCount = 0 }) => ({
      traceId: context.traceId,
      spanId: context.spanId,
      traceState: context.traceState?.serialize() ?? "",
      attributes,
      droppedAttributesCount,
    })),
    droppedLinksCount: span.droppedLinksCount,
    ...origin(span),
  }
}

export function logDocument(record: ReadableLogRecord, namespace: string): Ss4oDocument {
  const { spanContext } = record
  return {
    "@timestamp": hrTimeToTimeStamp(record.hrTime),
    observedTimestamp: hrTimeToTimeStamp(record.hrTimeObserved),
    ...(spanContext && { traceId: spanContext.traceId, spanId: spanContext.spanId }),
    body: typeof record.body === "string" ? record.body : JSON.stringify(record.body),
    severity: { number: record.severityNumber, text: record.severityText },
    attributes: { ...record.attributes, data_stream: dataStream(namespace, "record") },
    ...origin(record),
  }
}

const dataStream = (namespace: string, type: string) => ({ dataset: DATASET, namespace, type })

/** Of a resource the schema knows texts alone. */
const origin = ({
  resource,
  instrumentationScope: { name, version = "", schemaUrl = "" },
}: Pick<ReadableSpan, "resource" | "instrumentationScope">) => ({
  resource: texts(resource.attributes),
  instrumentationScope: { name, version, schemaUrl },
})

const texts = (attributes: Attributes): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)]))
