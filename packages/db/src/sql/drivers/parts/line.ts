import { connect, Socket } from "node:net"
import { SILENT } from "../../dialects/fault.ts"
import type { Connection, EngineOptions } from "../../engine.ts"
import type { DatabaseUrl } from "../../url.ts"

/** The sockets of one connection to a server, one after the other. */
export class Line {
  readonly #url: DatabaseUrl
  readonly #patience: number
  #socket: Socket | undefined
  #broken = false
  #dialled = false

  constructor(url: DatabaseUrl, { statementTimeout }: Pick<EngineOptions, "statementTimeout">) {
    this.#url = url
    this.#patience = statementTimeout
  }

  get isBroken(): boolean {
    return this.#broken
  }

  /** A connection over it. Each unit of work may dial once: a server that ends what was dialled is away. */
  carry({ read, transaction, close }: Omit<Connection, "breakOff">): Connection {
    const mayDial = () => (this.#dialled = false)
    return {
      read(work) {
        mayDial()
        return read(work)
      },
      transaction(work) {
        mayDial()
        return transaction(work)
      },
      close,
      breakOff: () => this.breakOff(),
    }
  }

  /**
   * Begins a connection, which is closed when nothing has come or gone on it for too long. Who waits for
   * an answer then is told; one that was idle is replaced when it is needed again. Drivers cannot bear that
   * it throws: what must not be dialled is a socket that fails.
   */
  dial(): Socket {
    if (this.#broken) return failing(silence("The connection was broken off"))
    if (this.#dialled) return failing(lost("The database ended the connection"))
    this.#dialled = true
    const { host, port } = this.#url
    const socket = connect({ host, port, noDelay: true, keepAlive: true })
    this.#socket = socket
    const watch = () =>
      socket.setTimeout(this.#patience, () => {
        socket.destroy(silence(`Nothing was heard of the database for ${this.#patience / 1000} s`))
      })
    // PostgreSQL's driver takes off all listeners before TLS begins on the socket.
    socket.on("removeListener", (event) => event === "timeout" && queueMicrotask(watch))
    return watch()
  }

  /** Closes it at once and for ever. */
  breakOff(): void {
    this.#broken = true
    this.#socket?.destroy(silence("The connection was broken off"))
  }
}

const silence = (message: string): Error => Object.assign(new Error(message), { code: SILENT })
const lost = (message: string): Error => Object.assign(new Error(message), { code: "ECONNRESET" })

function failing(error: Error): Socket {
  const socket = new Socket()
  setImmediate(() => socket.destroy(error))
  return socket
}
