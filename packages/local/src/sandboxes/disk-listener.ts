import type { IncomingMessage, RequestListener, ServerResponse } from "node:http"
import { pipeline } from "node:stream/promises"
import { epochMilliseconds, type Clock } from "@spinor/core/instant"
import { UnexpectedContentError, type Disk } from "./disk.ts"
import { drain } from "./drain.ts"
import { FormError, receiveForm } from "./form.ts"
import type { DownloadPermit, Permits, UploadPermit } from "./permits.ts"

interface Options {
  readonly disk: Disk
  readonly uploads: Permits<UploadPermit>
  readonly downloads: Permits<DownloadPermit>
  readonly clock: Clock
  readonly onProblem: (error: unknown) => void
}

/** A request that is refused, and with which status. */
class RefusedError extends Error {
  override readonly name = "RefusedError"
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Takes uploads (POST, a form as S3's) and gives downloads (GET), each with a permit. */
export function diskListener(options: Options): RequestListener {
  const { disk, uploads, downloads, clock, onProblem } = options
  const valid = <Permit extends { expires: number }>(permit: Permit | undefined): Permit => {
    if (permit === undefined) throw new RefusedError(403, "The signature does not hold")
    if (permit.expires >= epochMilliseconds(clock())) return permit
    throw new RefusedError(403, "The URL has expired")
  }

  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    await receiveForm(request, async (fields, file) => {
      const { key, ...expected } = valid(uploads.verify(fields))
      await disk.write(key, file, expected)
    })
    response.writeHead(204).end()
  }

  const send = async (request: IncomingMessage, response: ServerResponse) => {
    const query = new URL(request.url ?? "", "http://localhost").searchParams
    const { key } = valid(downloads.verify(Object.fromEntries(query)))
    const size = await disk.sizeOf(key)
    if (size === undefined) throw new RefusedError(404, "The sandbox was not uploaded")
    response.writeHead(200, {
      "content-type": "application/octet-stream",
      "content-length": size,
    })
    if (request.method === "HEAD") response.end()
    else await pipeline(disk.read(key), response)
  }

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.method === "POST") return await receive(request, response)
    if (request.method === "GET" || request.method === "HEAD") return await send(request, response)
    response.setHeader("allow", "GET, HEAD, POST")
    throw new RefusedError(405, "Method Not Allowed")
  }

  return (request, response) => {
    // The signature is the permission, whatever page it is that has it.
    response.setHeader("access-control-allow-origin", "*")
    answer(request, response).catch(async (error: unknown) => {
      const status = statusOf(error)
      const isGone = response.headersSent || request.socket.destroyed
      if (status >= 500 && !isGone) onProblem(error)
      await refuse(request, response, status, error)
    })
  }
}

async function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  error: unknown,
): Promise<void> {
  if (response.headersSent) return void response.destroy()
  // A client that is still sending does not read.
  await drain(request)
  const detail = status < 500 && error instanceof Error ? error.message : "The store has a problem"
  response.writeHead(status, { "content-type": "application/json", connection: "close" })
  response.end(JSON.stringify({ detail }))
}

function statusOf(error: unknown): number {
  if (error instanceof RefusedError) return error.status
  return error instanceof UnexpectedContentError || error instanceof FormError ? 400 : 503
}
