import { readFile } from "node:fs/promises"
import * as z from "zod"
import { needsAll } from "./servers.ts"
import { COLLECTOR_TOKEN, collector, receivedFile } from "./services/collector.ts"
import { readRecord } from "./services/record.ts"

const place = () => readRecord()[collector.name]

/** Whether tests run with it here: it is present, or its absence shall be a failure. */
export const collectorRunsHere = (): boolean => needsAll() || place() !== undefined

/** Where the collector is that all tests share, by protocol, and what it asks for. */
export function collectorEndpoints() {
  const { port } = place() ?? absent()
  return {
    grpc: `127.0.0.1:${port}`,
    http: `http://127.0.0.2:${port}`,
    headers: { authorization: `Bearer ${COLLECTOR_TOKEN}` },
  }
}

const absent = (): never => {
  throw new Error("There is no collector: npm run services -- up")
}

/** Whole numbers are texts in the JSON of OTLP. */
const value = z
  .record(z.string(), z.unknown())
  .transform(({ intValue, ...others }) =>
    intValue === undefined ? Object.values(others)[0] : Number(intValue),
  )
const attributes = z
  .array(z.object({ key: z.string(), value }))
  .default([])
  .transform((list) => Object.fromEntries(list.map(({ key, value }) => [key, value])))
const resource = z.object({ attributes })
const scope = z.object({ name: z.string() })
const ids = { traceId: z.string().default(""), spanId: z.string().default("") }

const span = z.object({
  ...ids,
  parentSpanId: z.string().default(""),
  name: z.string(),
  kind: z.int(),
  status: z.object({ code: z.int().optional() }).default({}),
  attributes,
})
const log = z.object({
  ...ids,
  severityText: z.string(),
  body: z.object({ stringValue: z.string() }).transform(({ stringValue }) => stringValue),
  attributes,
})
const metric = z.object({ name: z.string() })

/** A request of OTLP, as the collector's file exporter writes it. */
const requests = z.object({
  resourceSpans: z
    .array(z.object({ resource, scopeSpans: z.array(z.object({ scope, spans: z.array(span) })) }))
    .default([]),
  resourceLogs: z
    .array(
      z.object({ resource, scopeLogs: z.array(z.object({ scope, logRecords: z.array(log) })) }),
    )
    .default([]),
  resourceMetrics: z
    .array(
      z.object({ resource, scopeMetrics: z.array(z.object({ scope, metrics: z.array(metric) })) }),
    )
    .default([]),
})

/** What the collector has received until now of the application of that name. */
export async function received(application: string) {
  const text = await readFile(receivedFile((place() ?? absent()).folder), "utf8")
  // The last line may still be written.
  const parts = text
    .split("\n")
    .slice(0, -1)
    .map((line) => requests.parse(JSON.parse(line)))
  const isOurs = (part: z.output<z.ZodObject<{ resource: typeof resource }>>) =>
    part.resource.attributes["service.name"] === application
  const spans = parts.flatMap(({ resourceSpans }) => resourceSpans).filter(isOurs)
  const logs = parts.flatMap(({ resourceLogs }) => resourceLogs).filter(isOurs)
  const metrics = parts.flatMap(({ resourceMetrics }) => resourceMetrics).filter(isOurs)
  return {
    resource: [...spans, ...logs, ...metrics][0]?.resource.attributes,
    spans: spans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    logs: logs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords)),
    metrics: metrics.flatMap(({ scopeMetrics }) =>
      scopeMetrics.flatMap(({ metrics }) => metrics.map(({ name }) => name)),
    ),
  }
}
