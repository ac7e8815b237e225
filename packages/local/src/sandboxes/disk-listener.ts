import type { IncomingMessage, RequestListener, ServerResponse } from "node:http"
import { pipeline } from "node:stream/promises"
import { epochMilliseconds, type Clock } from "@spinor/core/instant"
import { UnexpectedContentError, type Disk } from "./disk.ts"
import { FormError, receiveForm } from "./form.ts"
import type { Permit, Permits } from "./permits.ts"

interface Options extends Pick<Permits, "verify"> {
  readonly disk: Disk
  readonly clock: Clock
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
export function diskListener({ disk, verify, clock }: Options): RequestListener {
  const permitted = <Action extends Permit["action"]>(
    action: Action,
    permit: string | null | undefined,
    signature: string | null | undefined,
  ) => {
    const found = verify(permit ?? "", signature ?? "")
    if (found?.action !== action) throw new RefusedError(403, "The signature does not hold")
    if (found.expires < epochMilliseconds(clock()))
      throw new RefusedError(403, "The URL has expired")
    // TypeScript does not narrow a union by a type parameter.
    return found as Extract<Permit, { action: Action }>
  }

  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    await receiveForm(request, async (fields, file) => {
      const { key, ...expected } = permitted("upload", fields["permit"], fields["signature"])
      await disk.write(key, file, expected)
    })
    response.writeHead(204).end()
  }

  const send = async (request: IncomingMessage, response: ServerResponse) => {
    const query = new URL(request.url ?? "", "http://localhost").searchParams
    const { key } = permitted("download", query.get("permit"), query.get("signature"))
    const found = await disk.read(key)
    if (found === undefined) throw new RefusedError(404, "The sandbox was not uploaded")
    response.writeHead(200, {
      "content-type": "application/octet-stream",
      "content-length": found.size,
    })
    if (request.method === "HEAD") response.end()
    else await pipeline(found.stream, response)
  }

  return (request, response) => {
    // The signature is the permission, whatever page it is that has it.
    response.setHeader("access-control-allow-origin", "*")
    const answered =
      request.method === "POST" ? receive(request, response) : send(request, response)
    answered.catch((error: unknown) => refuse(response, error))
  }
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy()
  const status = statusOf(error)
  const detail = status < 500 && error instanceof Error ? error.message : "Internal Server Error"
  // What was not read of the request is not waited for.
  response.writeHead(status, { "content-type": "application/json", connection: "close" })
  response.end(JSON.stringify({ detail }))
}

function statusOf(error: unknown): number {
  if (error instanceof RefusedError) return error.status
  return error instanceof UnexpectedContentError || error instanceof FormError ? 400 : 500
}
