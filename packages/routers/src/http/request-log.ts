import type { MiddlewareHandler } from "hono"
import { uuid7 } from "@spinor/core/security/uuid7"
import type { Deps } from "../deps.ts"

/** What is told of a request. No header, body or query: they may hold secrets. */
export interface RequestRecord {
  readonly requestId: string
  readonly method: string
  readonly path: string
  readonly status: number
  readonly milliseconds: number
  /** What went wrong inside; for the log alone. */
  readonly error?: unknown
}

export type RequestLog = (record: RequestRecord) => void

declare module "hono" {
  interface ContextVariableMap {
    error: unknown
  }
}

/** A caller's own id is taken up if it is one that a log can hold. */
const ID = /^[\w.:+=/-]{1,128}$/

/** Gives each request an id, which the answer carries, and tells the log of it. */
export function requestLog(
  log: RequestLog,
  { clock, random }: Pick<Deps, "clock" | "random">,
): MiddlewareHandler {
  return async (c, next) => {
    const sent = c.req.header("x-request-id") ?? ""
    const requestId = ID.test(sent) ? sent : uuid7(clock(), random)
    const begun = performance.now()
    await next()
    c.header("x-request-id", requestId)
    const error = c.get("error")
    log({
      requestId,
      method: c.req.method,
      // Percent-encoded, where Hono's path is not: a terminal obeys control characters.
      path: new URL(c.req.url).pathname,
      status: c.res.status,
      milliseconds: Math.round((performance.now() - begun) * 10) / 10,
      ...(error !== undefined && { error }),
    })
  }
}
