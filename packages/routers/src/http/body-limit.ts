import type { Context } from "hono"
import { bodyLimit } from "hono/body-limit"
import { json, type Answer } from "./answers.ts"

/** Of others no body is read; to look whether there is one takes longer than to route. */
const WITH_BODY = new Set(["POST", "PUT", "PATCH", "DELETE"])

/** Refuses bodies that are longer than so many bytes; one that does not say its length is read for that. */
export function refusedBody(limit: number): (c: Context) => Promise<Answer | undefined> {
  const refusal = json({ detail: `The body is longer than ${limit} bytes` }, 413)
  const count = bodyLimit({ maxSize: limit, onError: () => new Response() })
  return async (c) => {
    if (!WITH_BODY.has(c.req.method)) return undefined
    const length = c.req.header("content-length")
    const isKnown = length !== undefined && c.req.header("transfer-encoding") === undefined
    const isTooLong = isKnown
      ? Number(length) > limit
      : (await count(c, async () => undefined)) !== undefined
    return isTooLong ? refusal : undefined
  }
}
