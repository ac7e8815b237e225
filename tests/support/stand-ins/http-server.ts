import { once } from "node:events"
import { createServer, type IncomingMessage } from "node:http"
import { json } from "node:stream/consumers"

/** What is answered to a request: a status, and a body in JSON. */
export type Answer = readonly [status: number, body: unknown]

/** An HTTP server on a loopback port that takes and gives JSON. */
export async function serveJson(
  answer: (request: IncomingMessage, body: unknown) => Promise<Answer>,
): Promise<{ port: number; close: () => void }> {
  const server = createServer((request, response) => {
    const respond = ([status, body]: Answer) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
    const read = request.method === "POST" ? json(request) : Promise.resolve(undefined)
    read
      .then((body) => answer(request, body))
      .then(respond, (error: unknown) => respond([500, { error: String(error) }]))
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (typeof address !== "object" || address === null) throw new Error("A TCP server has a port")
  return {
    port: address.port,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
