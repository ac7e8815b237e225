import { promisify } from "node:util"
import type { MiddlewareHandler } from "hono"
import { parseAccept } from "hono/utils/accept"

/** Shorter bodies would hardly become shorter. */
const WORTH_IT = 1000

const TEXT = /^(?:text\/|application\/json)/

/**
 * Compresses long answers for a client that asks for gzip (RFC 9110, section 12.5.3). Hono's own
 * middleware would make the ETag a weak one, and compress short answers too.
 */
export const compressed: MiddlewareHandler = async (c, next) => {
  await next()
  const { res } = c
  if (res.body === null || !TEXT.test(res.headers.get("content-type") ?? "")) return
  const body = await res.arrayBuffer()
  const worthIt = body.byteLength >= WORTH_IT
  const asked = worthIt && acceptsGzip(c.req.header("accept-encoding"))
  const sent = asked ? await zipped(body) : body
  c.res = new Response(sent, res)
  if (worthIt) c.header("vary", "Accept-Encoding", { append: true })
  if (asked) c.header("content-encoding", "gzip")
}

async function zipped(body: ArrayBuffer): Promise<Uint8Array<ArrayBuffer>> {
  // Loaded with the first long answer, not with the function.
  const { constants, gzip } = await import("node:zlib")
  return await promisify(gzip)(body, { level: constants.Z_BEST_SPEED })
}

function acceptsGzip(header: string | undefined): boolean {
  if (header === undefined) return false
  const accepted = parseAccept(header)
  const named = accepted.find(({ type }) => type.toLowerCase() === "gzip")
  const preference = named ?? accepted.find(({ type }) => type === "*")
  return preference !== undefined && preference.q > 0
}
