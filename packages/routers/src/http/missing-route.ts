import type { Context } from "hono"
import type { Operation } from "../operation.ts"
import { json, redirect, type Answer } from "./answers.ts"
import type { Client } from "./client.ts"

/**
 * Answers what no operation answers: 405 where another method would be served, 307 where a slash at
 * the end is missing or too many, else 404.
 */
export function missingRoute(
  operations: readonly Operation[],
  clientOf: (c: Context) => Client,
): (c: Context) => Answer {
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
    if (methodsOf(withOtherEnd(c.req.path)).length > 0) {
      // Percent-encoded, where Hono's path is not: a header holds no other text.
      const { pathname, search } = new URL(c.req.url)
      return redirect(`${clientOf(c).origin}${withOtherEnd(pathname)}${search}`)
    }
    return json({ detail: "Not Found" }, 404)
  }
}

const withOtherEnd = (path: string): string => (path.endsWith("/") ? path.slice(0, -1) : `${path}/`)
