import { lt, valid } from "@renovatebot/pep440"
import type { MiddlewareHandler } from "hono"
import { json } from "./answers.ts"

/** The oldest official client that works; DiracX's own bound. */
const MIN_CLIENT_VERSION = "0.0.1a1"

/** Refuses clients that say they are too old, on every path; a browser says nothing. */
export const clientVersion: MiddlewareHandler = async (c, next) => {
  const sent = c.req.header("diracx-client-version") ?? ""
  if (sent === "") return await next()
  if (valid(sent) === null) return json({ detail: `Invalid version string: '${sent}'` }, 400)
  if (lt(sent, MIN_CLIENT_VERSION)) {
    const advice = `Upgrade to a version >= ${MIN_CLIENT_VERSION}.`
    const detail = `Client version ${sent} is not compatible with the server. ${advice}`
    return json({ detail }, 400)
  }
  return await next()
}
