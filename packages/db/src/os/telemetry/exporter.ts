import { ExportResultCode, type ExportResult } from "@opentelemetry/core"
import type { LogRecordExporter } from "@opentelemetry/sdk-logs"
import type { SpanExporter } from "@opentelemetry/sdk-trace"
import type { RandomBytes } from "@spinor/core/security/random"
import type { OsConnection } from "../connection.ts"
import { logDocument, spanDocument, type Ss4oDocument } from "./documents.ts"
import { namespaceOf, ss4oStreams } from "./names.ts"
import { makeTemplates, writeDocuments, type Identified } from "./write.ts"

/** Batches under way to a cluster that does not answer; more are dropped. */
const MAX_UNDER_WAY = 8

export interface Ss4oOptions {
  readonly connection: OsConnection
  /** The last part of the streams' names. */
  readonly stage: string
  readonly random: RandomBytes
}

/** Write spans and log records into data streams of OpenSearch, in the Simple Schema for Observability. */
export function ss4oExporters({ connection, stage, random }: Ss4oOptions): {
  spans: SpanExporter
  logs: LogRecordExporter
} {
  const namespace = namespaceOf(stage)
  const streams = ss4oStreams(namespace)
  let ready: Promise<void> | undefined
  const writeTo = (stream: string) => async (documents: Identified[]) => {
    ready ??= makeTemplates(connection)
    await ready.catch((error: unknown) => {
      ready = undefined
      throw error
    })
    await writeDocuments(connection, stream, documents)
  }
  const idOf = ({ traceId, spanId }: Ss4oDocument) => `${String(traceId)}-${String(spanId)}`
  return {
    spans: exporter(writeTo(streams.traces), (span) => {
      const document = spanDocument(span, namespace)
      return { id: idOf(document), document }
    }),
    logs: exporter(writeTo(streams.logs), (record) => ({
      id: random(16).toString("hex"),
      document: logDocument(record, namespace),
    })),
  }
}

function exporter<Item>(
  write: (documents: Identified[]) => Promise<void>,
  documentOf: (item: Item) => Identified,
) {
  const underWay = new Set<Promise<void>>()
  const send = async (items: Item[], done: (result: ExportResult) => void) => {
    try {
      await write(items.map(documentOf))
      done({ code: ExportResultCode.SUCCESS })
    } catch (error) {
      done({
        code: ExportResultCode.FAILED,
        error: error instanceof Error ? error : new Error(String(error)),
      })
    }
  }
  const forceFlush = async () => {
    await Promise.all(underWay)
  }
  return {
    export(items: Item[], done: (result: ExportResult) => void) {
      if (underWay.size >= MAX_UNDER_WAY) {
        const error = new Error(`${MAX_UNDER_WAY} batches wait for OpenSearch`)
        return done({ code: ExportResultCode.FAILED, error })
      }
      const sent = send(items, done).finally(() => underWay.delete(sent))
      underWay.add(sent)
    },
    forceFlush,
    shutdown: forceFlush,
  }
}
