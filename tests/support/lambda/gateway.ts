import { once } from "node:events"
import { createServer, type IncomingMessage } from "node:http"
import { buffer } from "node:stream/consumers"
import type { Lambda } from "./container.ts"
import { failed, httpAnswer, refused, type HttpAnswer } from "./http-answer.ts"
import { httpEvent, type Door, type HttpRequest } from "./http-event.ts"
import { startPool } from "./pool.ts"

/** Of a request and of the event that is made of it, in bytes. */
const LARGEST_REQUEST = 10_485_760
const LARGEST_EVENT = 6_291_556

/** An HTTP server that asks a function, as an HTTP API or a function URL does. */
export interface Gateway {
  readonly url: string
  /** What the function has printed until now, in all of its containers. */
  readonly log: () => string
  readonly stop: () => Promise<void>
}

export interface GatewayOptions {
  readonly door?: Door
  /** How many containers there may be at the same time; four unless told. */
  readonly containers?: number
}

/** @param start starts a container of the function, which is known under the URL */
export async function startGateway(
  start: (url: string) => Promise<Lambda>,
  { door = "HTTP API", containers = 4 }: GatewayOptions = {},
): Promise<Gateway> {
  const ask = async (request: HttpRequest): Promise<HttpAnswer> => {
    const event = httpEvent(request, door)
    const size = Buffer.byteLength(JSON.stringify(event))
    if (request.body.length > LARGEST_REQUEST || size > LARGEST_EVENT) {
      return refused(413, '{"message":"Request Entity Too Large"}')
    }
    return await pool.invoke(event).then(
      (given) => httpAnswer(given, door),
      () => failed(door),
    )
  }
  const server = createServer(async (incoming, outgoing) => {
    const { status, headers, body } = await ask(await requestOf(incoming))
    outgoing.writeHead(status, headers.flat()).end(body)
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (typeof address !== "object" || address === null) throw new Error("A TCP server has a port")
  const url = `http://127.0.0.1:${address.port}`
  const pool = startPool(() => start(url), containers)
  return {
    url,
    log: () => pool.log(),
    async stop() {
      server.closeAllConnections()
      server.close()
      await pool.stop()
    },
  }
}

async function requestOf(incoming: IncomingMessage): Promise<HttpRequest> {
  const { method = "", url = "", rawHeaders, socket } = incoming
  const names = rawHeaders.filter((_, i) => i % 2 === 0)
  return {
    method,
    target: url,
    headers: names.map((name, i) => [name, rawHeaders[2 * i + 1] ?? ""]),
    body: await buffer(incoming),
    sourceIp: socket.remoteAddress ?? "",
  }
}
