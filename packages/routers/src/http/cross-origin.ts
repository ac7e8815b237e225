import type { HonoRequest } from "hono"
import { varying, type Answer } from "./answers.ts"

/** The web applications that DiracX lets in. */
const ORIGINS = new Set([
  "http://localhost:8000",
  "http://localhost:3000",
  "https://localhost:8000",
  "https://localhost:3000",
])

const METHODS = "GET,HEAD,PUT,POST,DELETE,PATCH,QUERY"

/** What a browser is told of a web application that asks (CORS). */
const permission = (origin: string): Answer["headers"] => ({
  ...(ORIGINS.has(origin) && { "access-control-allow-origin": origin }),
  "access-control-allow-credentials": "true",
  "access-control-expose-headers": "Content-Range",
})

/** Answers a browser that asks before it sends a request of a web application, as DiracX does. */
export function preflight(request: HonoRequest): Answer | undefined {
  const origin = request.header("origin")
  if (request.method !== "OPTIONS" || origin === undefined) return undefined
  const asked = request.header("access-control-request-headers")
  const headers = {
    ...permission(origin),
    "access-control-allow-methods": METHODS,
    "content-type": "text/plain; charset=utf-8",
    vary: "Origin",
  }
  const answer: Answer = { status: 200, headers, body: "OK" }
  if (!asked) return answer
  const allowed = asked.split(",").map((name) => name.trim())
  const { status, headers: vary, body } = varying(answer, "Access-Control-Request-Headers")
  return { status, headers: { ...vary, "access-control-allow-headers": allowed.join(",") }, body }
}

/** An answer to a web application; a cache must not give to one what was meant for another. */
export function crossOrigin(answer: Answer, origin: string | undefined): Answer {
  const told = varying(answer, "Origin")
  if (origin === undefined) return told
  return { ...told, headers: { ...told.headers, ...permission(origin) } }
}
