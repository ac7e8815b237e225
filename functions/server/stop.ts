import type { Server } from "node:http"

/** Requests under way have so long to end. */
const GRACE_MILLISECONDS = 10_000

/** Stops on SIGTERM and SIGINT: no new requests, those under way are answered, then all is closed. */
export function stopOnSignal(server: Server, close: () => Promise<void>): void {
  let stopping = false
  const stop = async () => {
    if (stopping) process.exit(1)
    stopping = true
    const impatient = setTimeout(() => server.closeAllConnections(), GRACE_MILLISECONDS)
    // A connection whose request was answered would stay open for the next one.
    const idle = setInterval(() => server.closeIdleConnections(), 50)
    await new Promise((resolve) => server.close(resolve))
    clearInterval(idle)
    clearTimeout(impatient)
    await close()
    process.exit(0)
  }
  process.on("SIGTERM", () => void stop())
  process.on("SIGINT", () => void stop())
}
