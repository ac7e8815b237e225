import { once } from "node:events"
import { connect, createServer, type Server, type Socket } from "node:net"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
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
  /**
   * Loses the next connection whose client says the text: the server does not hear it, or does all that it
   * was told, and nobody hears its answer.
   */
  loseAt(text: string, loss: Loss): void
  /** How many there are now, of both sides. */
  sockets(): number
}

export type Loss = "unheard" | "unanswered"

export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const port = await freePort()
  const sockets = new Set<Socket>()
  let server: Server | undefined
  let frozen = false
  let trap: { text: string; loss: Loss } | undefined

  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    return socket.on("close", () => sockets.delete(socket)).on("error", () => undefined)
  }
  const lose = (said: Buffer, upstream: Socket) => {
    if (trap === undefined || !said.includes(trap.text)) return
    if (trap.loss === "unheard") upstream.destroy()
    else {
      upstream.unpipe().resume()
      // Once this was passed on: the server ends a connection whose client has ended when it has done all.
      setImmediate(() => upstream.end())
    }
    trap = undefined
  }
  const open = async () => {
    frozen = false
    server = createServer((client) => {
      const upstream = connect(target)
      keep(client)
      keep(upstream)
      if (!frozen) {
        client.on("data", (said) => lose(said, upstream))
        client.pipe(upstream).pipe(client)
      }
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
  const loseAt = (text: string, loss: Loss) => {
    trap = { text, loss }
  }
  await open()
  return { port, cut, open, freeze, forget, loseAt, sockets: () => sockets.size }
}

/** A way to a database, and its URL by that way. */
export async function startDatabaseProxy(url: string): Promise<{ proxy: TcpProxy; url: string }> {
  const { host, port } = parseDatabaseUrl(url, "the test's URL")
  const proxy = await startTcpProxy({ host, port })
  return { proxy, url: url.replace(`${host}:${port}`, `127.0.0.1:${proxy.port}`) }
}
