import { once } from "node:events"
import { request, type IncomingHttpHeaders, type IncomingMessage } from "node:http"
import { buffer } from "node:stream/consumers"

export interface Sent {
  readonly method?: string
  /** Several values go in as many lines. */
  readonly headers?: Record<string, string | string[]>
  readonly body?: string | Buffer
}

export interface Received {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Sends a request as it is: unlike fetch, it corrects no path, joins no headers, and lets a GET have a body. */
export async function send(
  origin: string,
  path: string,
  { method = "GET", headers = {}, body }: Sent = {},
): Promise<Received> {
  const { hostname, port } = new URL(origin)
  // Node's client frames no body of a GET by itself.
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }
  const all = { ...headers, ...length }
  const sending = request({ hostname, port, path, method, headers: all })
  sending.end(body)
  const [response]: IncomingMessage[] = await once(sending, "response")
  if (response === undefined) throw new Error("An event without a response")
  return {
    status: response.statusCode,
    headers: response.headers,
    body: await buffer(response),
  }
}

/** What is in the JSON of an answer. */
export const jsonOf = ({ body }: Received) => JSON.parse(body.toString())

/** Sends JSON with an access token, and gives what is in the JSON of the answer. */
export const sendJson =
  (origin: string, token: string) => async (method: string, path: string, body: object) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" }
    const answer = await send(origin, path, { method, headers, body: JSON.stringify(body) })
    return { status: answer.status, body: answer.body.length > 0 ? jsonOf(answer) : undefined }
  }
