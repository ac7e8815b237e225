import { once } from "node:events"
import type { IncomingMessage } from "node:http"

/** More than any sandbox with its form. */
const MOST_BYTES = 120_000_000

/** Reads the rest of a request and forgets it, but no more than a sandbox may have. */
export async function drain(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return
  let left = MOST_BYTES
  request.unpipe()
  request.on("data", (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) request.destroy()
  })
  request.resume()
  await Promise.race([once(request, "end"), once(request, "close")]).catch(() => undefined)
}
