import { once } from "node:events"
import { createServer, request as forward, type IncomingMessage } from "node:http"
import { buffer } from "node:stream/consumers"
import { refusal, type Sigv4Identity } from "./sigv4.ts"

/**
 * A way to an OpenSearch that checks signatures, as AWS does: a node of its own ignores them.
 * It does not lack what collections of OpenSearch Serverless lack.
 */
export interface Sigv4Proxy {
  readonly url: string
  /** What was let through: "POST /_bulk". */
  readonly requests: string[]
  /** From now on another one may sign, and only that one. */
  trust(identity: Sigv4Identity): void
  close(): void
}

export async function startSigv4Proxy(
  target: string,
  identity: Sigv4Identity,
): Promise<Sigv4Proxy> {
  let trusted = identity
  const requests: string[] = []
  const server = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming)
    const { method = "", url = "", headers } = incoming
    const message = refusal({ method, target: url, headers, body }, trusted, Date.now())
    if (message !== undefined) {
      outgoing.writeHead(403, { "content-type": "application/json" })
      outgoing.end(JSON.stringify({ message }))
      return
    }
    requests.push(`${method} ${url.replace(/\?.*/, "")}`)
    const answer = (response: IncomingMessage) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(outgoing)
    }
    forward(new URL(url, target), { method, headers }, answer)
      .on("error", () => outgoing.writeHead(502).end())
      .end(body)
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (typeof address !== "object" || address === null) throw new Error("A TCP server has a port")
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    trust(next) {
      trusted = next
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
