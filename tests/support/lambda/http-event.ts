import { randomUUID } from "node:crypto"

/**
 * What stands between the client and the function. An HTTP API gives it the path decoded, a
 * function URL as it was sent; a function that fails is a 500 of the one, a 502 of the other.
 */
export type Door = "HTTP API" | "function URL"

/** A request as it is on the wire. */
export interface HttpRequest {
  readonly method: string
  /** Path and query. */
  readonly target: string
  /** In order, names repeated; such as `rawHeaders` of Node's server gives them. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
  readonly sourceIp: string
}

/** An event in the payload format 2.0. */
export interface HttpEvent {
  readonly version: "2.0"
  readonly routeKey: "$default"
  readonly rawPath: string
  readonly rawQueryString: string
  readonly cookies?: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  readonly queryStringParameters?: Readonly<Record<string, string>>
  readonly requestContext: {
    readonly domainName: string
    readonly http: Readonly<
      Record<"method" | "path" | "protocol" | "sourceIp" | "userAgent", string>
    >
    readonly [more: string]: unknown
  }
  readonly body?: string
  readonly isBase64Encoded: boolean
}

/**
 * Makes an event of a request.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * and https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
export function httpEvent(request: HttpRequest, door: Door): HttpEvent {
  const [sentPath = "/", ...queries] = request.target.split("?")
  const rawQueryString = queries.join("?")
  const rawPath = door === "HTTP API" ? decodedPath(sentPath) : sentPath
  const headers = joined(request.headers.map(([name, value]) => [name.toLowerCase(), value]))
  const { cookie, ...others } = headers
  const host = headers["host"] ?? ""
  const parameters = joined(new URLSearchParams(rawQueryString))
  const { method, body, sourceIp } = request
  const isText = TEXT.test(headers["content-type"] ?? "")
  const now = new Date()
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath,
    rawQueryString,
    ...(cookie !== undefined && { cookies: cookie.split("; ") }),
    headers: {
      ...others,
      "x-forwarded-for": [headers["x-forwarded-for"], sourceIp].filter(Boolean).join(", "),
      "x-forwarded-port": "443",
      "x-forwarded-proto": "https",
    },
    ...(rawQueryString !== "" && { queryStringParameters: parameters }),
    requestContext: {
      accountId: door === "HTTP API" ? "123456789012" : "anonymous",
      apiId: "test",
      domainName: host,
      domainPrefix: host.replace(/\..*/, ""),
      http: {
        method,
        path: rawPath,
        protocol: "HTTP/1.1",
        sourceIp,
        userAgent: headers["user-agent"] ?? "",
      },
      requestId: randomUUID(),
      routeKey: "$default",
      stage: "$default",
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
    },
    ...(body.length > 0 && { body: body.toString(isText ? "utf8" : "base64") }),
    isBase64Encoded: body.length > 0 && !isText,
  }
}

/** All other bodies come as base64, forms too; measured at AWS by https://github.com/ministackorg/ministack/pull/766 */
const TEXT = /^(?:text\/|application\/(?:json|xml|javascript)\b)/i

/** What follows a decoded question mark is lost, as https://github.com/hotsock/voker/pull/8 has measured. */
function decodedPath(path: string): string {
  const bytes = path.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, "latin1").toString().replace(/\?.*/s, "")
}

/** Values of one name, with commas in between. */
function joined(pairs: Iterable<readonly [string, string]>): Record<string, string> {
  const all: Record<string, string> = {}
  for (const [name, value] of pairs) {
    const separator = name === "cookie" ? "; " : ","
    all[name] = Object.hasOwn(all, name) ? `${all[name]}${separator}${value}` : value
  }
  return all
}

/** A GET request without any more. */
export const httpGet = (path: string, door: Door = "HTTP API"): HttpEvent =>
  httpEvent(
    {
      method: "GET",
      target: path,
      headers: [["host", "api.example.org"]],
      body: Buffer.alloc(0),
      sourceIp: "203.0.113.9",
    },
    door,
  )
