import { once } from "node:events"
import { connect, createServer, type Server, type Socket } from "node:net"
import { freePort } from "./free-port.ts"

/** A way to a server that a test can cut and open again. */
export interface TcpProxy {
  readonly port: number
  /** Breaks all connections, and refuses new ones. */
  cut(): Promise<void>
  open(): Promise<void>
  /** Forwards nothing any more, and keeps all connections, as a server does that was stopped. */
  freeze(): void
  /** Forwards nothing any more of those that are there, as a NAT does that has forgotten them; new ones work. */
  forget(): void
  /** How many there are now, of both sides. */
  sockets(): number
}

export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const port = await freePort()
  const sockets = new Set<Socket>()
  let server: Server | undefined
  let frozen = false

  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    return socket.on("close", () => sockets.delete(socket)).on("error", () => undefined)
  }
  const open = async () => {
    frozen = false
    server = createServer((client) => {
      const upstream = connect(target)
      keep(client)
      keep(upstream)
      if (!frozen) client.pipe(upstream).pipe(client)
      client.on("close", () => upstream.destroy())
      upstream.on("close", () => client.destroy())
    }).listen(port, "127.0.0.1")
    await once(server, "listening")
  }
  const cut = async () => {
    for (const socket of sockets) socket.destroy()
    if (server?.listening) await once(server.close(), "close")
  }
  const forget = () => {
    for (const socket of sockets) socket.unpipe().pause()
  }
  const freeze = () => {
    frozen = true
    forget()
  }
  await open()
  return { port, cut, open, freeze, forget, sockets: () => sockets.size }
}
