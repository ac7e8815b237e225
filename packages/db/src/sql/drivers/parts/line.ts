import { connect, type Socket } from "node:net"
import { SILENT } from "../../dialects/fault.ts"
import type { EngineOptions } from "../../engine.ts"
import type { DatabaseUrl } from "../../url.ts"

/** The sockets of one connection to a server, one after the other. */
export class Line {
  readonly #url: DatabaseUrl
  readonly #patience: number
  #socket: Socket | undefined
  #broken = false

  constructor(url: DatabaseUrl, { statementTimeout }: Pick<EngineOptions, "statementTimeout">) {
    this.#url = url
    this.#patience = statementTimeout
  }

  get isBroken(): boolean {
    return this.#broken
  }

  /**
   * Begins a connection, which is closed when nothing has come or gone on it for too long. Who waits for
   * an answer then is told; one that was idle is replaced when it is needed again.
   */
  dial(): Socket {
    if (this.#broken) throw silence("The connection was broken off")
    const { host, port } = this.#url
    const socket = connect({ host, port, noDelay: true, keepAlive: true })
    this.#socket = socket
    return socket.setTimeout(this.#patience, () => {
      socket.destroy(silence(`Nothing was heard of the database for ${this.#patience / 1000} s`))
    })
  }

  /** Closes it at once and for ever. */
  breakOff(): void {
    this.#broken = true
    this.#socket?.destroy(silence("The connection was broken off"))
  }
}

const silence = (message: string): Error => Object.assign(new Error(message), { code: SILENT })
