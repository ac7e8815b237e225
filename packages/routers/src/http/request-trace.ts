import type { MiddlewareHandler } from "hono"

/** A request before it is answered. No query: it may hold secrets. */
export interface TracedRequest {
  readonly method: string
  /** "http" or "https", as the service was asked itself. */
  readonly scheme: string
  readonly path: string
  /** The value of a header, by its name in any case. */
  readonly header: (name: string) => string | undefined
}

/** What became of it. */
export interface TracedAnswer {
  readonly status: number
  /** The path of the operation that answered, its parameters in braces; undefined where none did. */
  readonly route: string | undefined
  /** What went wrong inside. */
  readonly error: unknown
}

/** Is put around every request, and calls `answer` once. */
export type RequestTrace = (
  request: TracedRequest,
  answer: () => Promise<TracedAnswer>,
) => Promise<unknown>

declare module "hono" {
  interface ContextVariableMap {
    route: string
  }
}

/** Puts the trace around all that answers a request. */
export const requestTrace =
  (trace: RequestTrace): MiddlewareHandler =>
  async (c, next) => {
    const { protocol, pathname } = new URL(c.req.url)
    const request: TracedRequest = {
      method: c.req.method,
      scheme: protocol.slice(0, -1),
      path: pathname,
      header: (name) => c.req.header(name),
    }
    await trace(request, async () => {
      await next()
      return { status: c.res.status, route: c.get("route"), error: c.get("error") }
    })
  }
