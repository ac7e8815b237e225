import type { MiddlewareHandler } from "hono"
import { cors } from "hono/cors"

/** The web applications that DiracX lets in. */
const ORIGINS = [
  "http://localhost:8000",
  "http://localhost:3000",
  "https://localhost:8000",
  "https://localhost:3000",
]

const headers = cors({ origin: ORIGINS, credentials: true, exposeHeaders: ["Content-Range"] })

/** Lets web applications call the service (CORS); a preflight is answered as DiracX answers it. */
export const crossOrigin: MiddlewareHandler = async (c, next) => {
  if (c.req.header("origin") === undefined) {
    await next()
    // A cache must not give this answer to a web application.
    c.header("vary", "Origin", { append: true })
    return undefined
  }
  const preflight = await headers(c, next)
  if (!(preflight instanceof Response)) return undefined
  return new Response("OK", {
    headers: new Headers([...preflight.headers, ["content-type", "text/plain; charset=utf-8"]]),
  })
}
