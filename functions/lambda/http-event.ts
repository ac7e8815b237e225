import type { Bindings } from "@spinor/routers/app"

/** A request as an HTTP API or a function URL gives it to a function (payload format 2.0): what is read of it. */
export interface HttpEvent {
  readonly rawPath: string
  readonly rawQueryString: string
  readonly cookies?: readonly string[]
  /** Values of one name are joined with commas. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly isBase64Encoded: boolean
  readonly requestContext: {
    readonly domainName: string
    readonly http: { readonly method: string; readonly sourceIp: string }
  }
}

/** The answer to it, which Lambda takes as JSON. */
export interface HttpAnswer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly cookies: readonly string[]
  readonly body: string
  readonly isBase64Encoded: boolean
}

/** What takes and gives requests of the platform, such as a Hono application. */
interface Application {
  fetch(
    request: Request,
    env: { readonly event: HttpEvent } & Bindings,
  ): Response | Promise<Response>
}

/** Hono's own adapter takes a "#" in a path for the end of it, and refuses a GET that has a body. */
export async function answerEvent(
  app: Application,
  event: HttpEvent,
  bindings: Bindings,
): Promise<HttpAnswer> {
  const isPossible = !IMPOSSIBLE.test(event.requestContext.http.method)
  const response = isPossible
    ? await app.fetch(requestOf(event), { event, ...bindings })
    : Response.json({ detail: "Method Not Allowed" }, { status: 405 })
  const { headers } = response
  const isText = TEXT.test(headers.get("content-type") ?? "") && !headers.has("content-encoding")
  const bytes = Buffer.from(await response.arrayBuffer())
  return {
    statusCode: response.status,
    headers: Object.fromEntries([...headers].filter(([name]) => name !== "set-cookie")),
    cookies: headers.getSetCookie(),
    body: bytes.toString(isText ? "utf8" : "base64"),
    isBase64Encoded: !isText,
  }
}

/** Methods that a request of the platform cannot have. */
const IMPOSSIBLE = /^(?:connect|trace|track)$/i

const TEXT = /^text\/|[/+](?:json|xml|javascript)\b/i

function requestOf({
  rawPath,
  rawQueryString,
  cookies,
  headers,
  body,
  isBase64Encoded,
  requestContext: { domainName, http },
}: HttpEvent): Request {
  const url = new URL(
    `https://${domainName}${rawPath.replaceAll(NOT_IN_A_PATH, encodeURIComponent)}`,
  )
  url.search = rawQueryString
  const fields = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    // A header holds bytes.
    Buffer.from(value).toString("latin1"),
  ])
  if (cookies !== undefined) fields.push(["cookie", cookies.join("; ")])
  const isRead = body !== undefined && http.method !== "GET" && http.method !== "HEAD"
  return new Request(url, {
    method: http.method,
    headers: fields,
    ...(isRead && { body: Buffer.from(body, isBase64Encoded ? "base64" : "utf8") }),
  })
}

/** An HTTP API has decoded the path; control characters and these would end it, or be lost, in a URL. */
const NOT_IN_A_PATH = /[^!-\uffff]|[?#\\]|%(?![0-9a-f]{2})/gi
