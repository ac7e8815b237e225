import type { Context, NotFoundHandler } from "hono"
import type { Operation } from "../operation.ts"
import { json, redirect } from "./answers.ts"
import type { Client } from "./client.ts"

/**
 * Answers what no operation answers: 405 where another method would be served, 307 where a slash at
 * the end is missing or too many, else 404.
 */
export function missingRoute(
  operations: readonly Operation[],
  clientOf: (c: Context) => Client,
): NotFoundHandler {
  const routes = operations.map(({ config }) => ({
    method: config.method.toUpperCase(),
    pattern: new RegExp(`^${config.path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`),
  }))
  const methodsOf = (path: string) =>
    routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)

  return (c) => {
    const methods = methodsOf(c.req.path)
    if (methods.length > 0) {
      return json({ detail: "Method Not Allowed" }, 405, { allow: methods.join(", ") })
    }
    const other = c.req.path.endsWith("/") ? c.req.path.slice(0, -1) : `${c.req.path}/`
    if (methodsOf(other).length > 0) {
      return redirect(`${clientOf(c).origin}${other}${new URL(c.req.url).search}`)
    }
    return json({ detail: "Not Found" }, 404)
  }
}
