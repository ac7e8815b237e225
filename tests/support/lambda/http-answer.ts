import type { Door } from "./http-event.ts"

/** An answer as it goes on the wire. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
}

/** Makes an answer of what a function gave, in the payload format 2.0: an object with a status code. */
export function httpAnswer(given: unknown, door: Door): HttpAnswer {
  const {
    statusCode,
    headers = {},
    cookies = [],
    body = "",
    isBase64Encoded = false,
  } = known(given)
  const isAnswer =
    Number.isInteger(statusCode) &&
    typeof body === "string" &&
    Object.values(headers).every((value) => typeof value === "string")
  if (!isAnswer) return failed(door)
  return {
    status: statusCode,
    headers: [
      ...Object.entries(headers),
      ...cookies.map((cookie): [string, string] => ["set-cookie", cookie]),
    ],
    body: Buffer.from(body, isBase64Encoded ? "base64" : "utf8"),
  }
}

/** What the client is answered when the function has failed. */
export const failed = (door: Door): HttpAnswer =>
  door === "HTTP API"
    ? refused(500, '{"message":"Internal Server Error"}')
    : refused(502, "Internal Server Error")

/** The gateway's own refusal of a request. */
export const refused = (status: number, body: string): HttpAnswer => ({
  status,
  headers: [["content-type", body.startsWith("{") ? "application/json" : "text/plain"]],
  body: Buffer.from(body),
})

interface Given {
  readonly statusCode: number
  readonly headers?: Readonly<Record<string, string>>
  readonly cookies?: readonly string[]
  readonly body?: string
  readonly isBase64Encoded?: boolean
}

const known = (given: unknown): Given => Object(given)
