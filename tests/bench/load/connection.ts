import { once } from "node:events"
import { connect, type Socket } from "node:net"
import { readAnswer, type Answer } from "./answer.ts"

/** A keep-alive connection that asks one thing at a time; node:http would cost more than some servers do. */
export interface Connection {
  readonly ask: (request: Buffer) => Promise<Answer>
  readonly close: () => void
}

export async function openConnection(url: URL): Promise<Connection> {
  const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true })
  await once(socket, "connect")
  // That it closes says enough.
  socket.on("error", () => {})
  return { ask: (request) => ask(socket, request), close: () => socket.destroy() }
}

function ask(socket: Socket, request: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0)
    const settle = () => socket.off("data", take).off("close", lost)
    const take = (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      const answer = readAnswer(received)
      if (answer === undefined) return
      settle()
      resolve(answer)
    }
    const lost = () => {
      settle()
      reject(new Error("the connection was closed before the answer was complete"))
    }
    if (socket.destroyed) return lost()
    socket.on("data", take).on("close", lost)
    socket.write(request)
  })
}
