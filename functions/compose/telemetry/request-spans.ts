import {
  context,
  metrics,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
} from "@opentelemetry/api"
import { suppressTracing } from "@opentelemetry/core"
import type { RequestTrace, TracedAnswer, TracedRequest } from "@spinor/routers/http/request-trace"

const SCOPE = "spinor.http"

/** What asks every few seconds whether the service lives would drown the rest. */
const PROBES = /^\/api\/health\//

const METHODS = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|CONNECT|QUERY)$/

/** Seconds, as the semantic conventions want them. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/** A span for each request, below the caller's where he names one (semantic conventions for HTTP servers, stable). */
export function requestSpans(): RequestTrace {
  const tracer = trace.getTracer(SCOPE)
  const durations = metrics.getMeter(SCOPE).createHistogram("http.server.request.duration", {
    unit: "s",
    advice: { explicitBucketBoundaries: BUCKETS },
  })
  return (request, answer) => {
    if (PROBES.test(request.path)) return context.with(suppressTracing(context.active()), answer)
    const known = METHODS.test(request.method)
    const attributes = {
      "http.request.method": known ? request.method : "_OTHER",
      "url.scheme": request.scheme,
    }
    const method = known ? request.method : "HTTP"
    const options = {
      kind: SpanKind.SERVER,
      attributes: { ...attributes, "url.path": request.path },
    }
    return tracer.startActiveSpan(method, options, callerOf(request), async (span) => {
      const began = performance.now()
      try {
        const answered = await answer()
        const ended = described(answered)
        span.setAttributes(ended)
        if (answered.route !== undefined) span.updateName(`${method} ${answered.route}`)
        if (answered.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
        durations.record((performance.now() - began) / 1000, { ...attributes, ...ended })
        return answered
      } finally {
        span.end()
      }
    })
  }
}

const callerOf = (request: TracedRequest) =>
  propagation.extract(context.active(), request, {
    get: ({ header }, name) => header(name),
    keys: () => [],
  })

const described = ({ status, route, error }: TracedAnswer): Attributes => ({
  "http.response.status_code": status,
  ...(route !== undefined && { "http.route": route }),
  ...(status >= 500 && { "error.type": error instanceof Error ? error.name : String(status) }),
})
