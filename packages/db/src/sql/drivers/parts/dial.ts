import { connect, type Socket } from "node:net"
import { SILENT } from "../../dialects/fault.ts"
import type { EngineOptions } from "../../engine.ts"
import type { DatabaseUrl } from "../../url.ts"

/**
 * Begins a connection to a server, which is closed when nothing has come or gone on it for too long.
 * Who waits for an answer then is told; one that was idle is replaced when it is needed again.
 */
export function dial(
  { host, port }: DatabaseUrl,
  { statementTimeout }: Pick<EngineOptions, "statementTimeout">,
): Socket {
  const socket = connect({ host, port, noDelay: true, keepAlive: true })
  return socket.setTimeout(statementTimeout, () => {
    const error = new Error(`Nothing was heard of the database for ${statementTimeout / 1000} s`)
    socket.destroy(Object.assign(error, { code: SILENT }))
  })
}
