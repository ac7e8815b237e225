import { promisify } from "node:util"
import { parseAccept } from "hono/utils/accept"
import { varying, type Answer } from "./answers.ts"

/** Shorter bodies would hardly become shorter. */
const WORTH_IT = 1000

const TEXT = /^(?:text\/|application\/json)/

/**
 * Compresses a long answer for a client that asks for gzip (RFC 9110, section 12.5.3). Its ETag stays as
 * it is: Hono's own middleware would make it a weak one.
 */
export async function compressed(answer: Answer, accepted: string | undefined): Promise<Answer> {
  const { body, headers } = answer
  if (body === null || !TEXT.test(headers["content-type"] ?? "")) return answer
  if (Buffer.byteLength(body) < WORTH_IT) return answer
  const long = varying(answer, "Accept-Encoding")
  if (!acceptsGzip(accepted)) return long
  return {
    ...long,
    headers: { ...long.headers, "content-encoding": "gzip" },
    body: await zipped(body),
  }
}

async function zipped(body: string | Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
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
