import openapi from "../../packages/routers/openapi.json" with { type: "json" }

const documented = Object.entries(openapi.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { responses }]: [string, { responses: object }]) => ({
    method: method.toUpperCase(),
    pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
    statuses: Object.keys(responses).map(Number),
  })),
)

/** Throws when an operation answers with a status that the document does not list. */
export function checkStatus(method: string, url: string, status: number): void {
  const { pathname } = new URL(url, "http://localhost")
  const operation = documented.find((each) => each.method === method && each.pattern.test(pathname))
  if (operation === undefined || operation.statuses.includes(status)) return
  throw new Error(`The document does not list ${status} of ${method} ${pathname}`)
}
