import { checkStatus } from "../../support/documented.ts"
import type { HostileRequest } from "./requests.ts"
import type { Service } from "../../support/service.ts"

const MOST_MILLISECONDS = 1000

/** Words of a database, of a stack or of a place in the code; no request of the tests holds them. */
const SECRETS =
  /failed query|\bselect .* from\b|insert into|sqlite_|\bER_[A-Z]|constraint|drizzle|node_modules|\.ts:\d|\n\s+at |BEGIN PRIVATE|"d":"/i

/** Sends a request; says what is wrong with the answer, or nothing. */
export async function faultOfAnswer(
  service: Service,
  request: HostileRequest,
): Promise<string | undefined> {
  let answered = await timed(service, request)
  // Others may have had the processor; a request that is slow is slow again.
  if (answered.milliseconds > MOST_MILLISECONDS) answered = await timed(service, request)
  const { milliseconds, response, text } = answered
  if (response.status >= 500) return `answers ${response.status}: ${text}`
  if (milliseconds > MOST_MILLISECONDS) return `takes ${milliseconds} ms`
  if (text.includes(import.meta.dirname)) return "tells where it is"
  if (SECRETS.test(text)) return `tells too much: ${SECRETS.exec(text)?.[0]}`
  if (response.status < 400 || request.method === "HEAD") return undefined
  return faultOfForm(response, text)
}

async function timed({ app }: Service, { method, path, headers, body }: HostileRequest) {
  const withBody = method === "GET" || method === "HEAD" ? {} : { body: body ?? null }
  const request = new Request(`http://localhost${path}`, { method, headers, ...withBody })
  const begun = performance.now()
  const response = await app.fetch(request)
  checkStatus(method, request.url, response.status)
  const text = await response.text()
  return { milliseconds: Math.round(performance.now() - begun), response, text }
}

/** A refusal is JSON with a `detail`, or with an `error` of RFC 6749. */
function faultOfForm({ status, headers }: Response, text: string): string | undefined {
  if (headers.get("content-type") !== "application/json") return `answers ${status} without JSON`
  if (status === 416) return undefined
  const body: unknown = JSON.parse(text)
  if (typeof body !== "object" || body === null) return `answers ${status} with ${text}`
  if ("error" in body) return /^[a-z_]+$/.test(String(body.error)) ? undefined : text
  if (!("detail" in body)) return `answers ${status} without detail`
  const { detail } = body
  if (status !== 422) return undefined
  const isListOfFaults = Array.isArray(detail) && detail.length > 0 && detail.every(isFault)
  return isListOfFaults ? undefined : `answers 422 with ${text}`
}

const PLACES = new Set<unknown>(["path", "query", "header", "body"])

const isFault = (fault: { type?: unknown; loc?: unknown; msg?: unknown }): boolean =>
  typeof fault.type === "string" &&
  typeof fault.msg === "string" &&
  Array.isArray(fault.loc) &&
  PLACES.has(fault.loc[0])
