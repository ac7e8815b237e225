import { once } from "node:events"
import { connect, createServer, type Server, type Socket } from "node:net"
import { freePort } from "./free-port.ts"

/** A way to a server that a test can cut and open again. */
export interface TcpProxy {
  readonly port: number
  /** Breaks all connections, and refuses new ones. */
  cut(): Promise<void>
  open(): Promise<void>
}

export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const port = await freePort()
  const sockets = new Set<Socket>()
  let server: Server | undefined

  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    return socket.on("close", () => sockets.delete(socket)).on("error", () => undefined)
  }
  const open = async () => {
    server = createServer((client) => {
      const upstream = connect(target)
      keep(client).pipe(keep(upstream)).pipe(client)
      client.on("close", () => upstream.destroy())
      upstream.on("close", () => client.destroy())
    }).listen(port, "127.0.0.1")
    await once(server, "listening")
  }
  const cut = async () => {
    for (const socket of sockets) socket.destroy()
    if (server?.listening) await once(server.close(), "close")
  }
  await open()
  return { port, cut, open }
}
