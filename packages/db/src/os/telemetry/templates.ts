import { DATASET } from "./names.ts"

/** Above the 900 of the catalog's templates, which fit our names too. */
const PRIORITY = 1000

const keyword = (limit: number) => ({ type: "keyword", ignore_above: limit })
const textAndKeyword = (limit: number) => ({ type: "text", fields: { keyword: keyword(limit) } })
const nanoseconds = { type: "date_nanos" }
const count = { type: "long" }

/** Names of attributes have dots, so that they are objects: only what is text becomes a keyword. */
const keywordsBelow = (...paths: string[]) =>
  paths.map((path) => ({
    [`${path.replaceAll(".", "_")}_texts`]: {
      path_match: `${path}.*`,
      match_mapping_type: "string",
      mapping: keyword(1024),
    },
  }))

const attributes = {
  properties: {
    data_stream: {
      properties: { dataset: keyword(128), namespace: keyword(128), type: keyword(56) },
    },
  },
}

const spans = {
  dynamic_templates: keywordsBelow(
    "attributes",
    "resource",
    "instrumentationScope.attributes",
    "events.attributes",
    "links.attributes",
  ),
  properties: {
    "@timestamp": nanoseconds,
    traceId: keyword(256),
    spanId: keyword(256),
    parentSpanId: keyword(256),
    traceState: textAndKeyword(256),
    name: keyword(1024),
    kind: keyword(128),
    serviceName: { type: "keyword" },
    startTime: nanoseconds,
    endTime: nanoseconds,
    droppedAttributesCount: count,
    droppedEventsCount: count,
    droppedLinksCount: count,
    status: { properties: { code: keyword(128), message: keyword(128) } },
    attributes,
    events: {
      type: "nested",
      properties: { name: keyword(1024), "@timestamp": nanoseconds },
    },
    links: {
      type: "nested",
      properties: {
        traceId: keyword(256),
        spanId: keyword(256),
        traceState: textAndKeyword(256),
      },
    },
    instrumentationScope: {
      properties: {
        name: { type: "keyword" },
        version: { type: "keyword" },
        schemaUrl: { type: "keyword" },
      },
    },
  },
}

const logs = {
  dynamic_templates: keywordsBelow("attributes", "resource", "instrumentationScope.attributes"),
  properties: {
    "@timestamp": { type: "date" },
    observedTimestamp: { type: "date" },
    traceId: keyword(256),
    spanId: keyword(256),
    body: { type: "text" },
    severity: { properties: { number: count, text: textAndKeyword(256) } },
    attributes: {
      properties: {
        ...attributes.properties,
        // The first one may be whole, which makes OpenSearch take all for whole.
        "spinor.request.milliseconds": { type: "double" },
      },
    },
    instrumentationScope: {
      properties: {
        name: textAndKeyword(128),
        version: textAndKeyword(256),
        schemaUrl: textAndKeyword(256),
      },
    },
  },
}

const template = (signal: string, mappings: object) => ({
  name: `ss4o_${signal}_${DATASET}_template`,
  body: {
    index_patterns: [`ss4o_${signal}-${DATASET}-*`],
    data_stream: {},
    priority: PRIORITY,
    template: { mappings },
    version: 2,
    _meta: { description: `Simple Schema for Observability: ${signal} of Spinor` },
  },
})

/**
 * Templates for our data streams in the fields' types of the Simple Schema for Observability
 * (catalog 1.0.0). They are for our names alone: whoever has the schema's own keeps them.
 */
export const ss4oTemplates = () => [template("traces", spans), template("logs", logs)]
