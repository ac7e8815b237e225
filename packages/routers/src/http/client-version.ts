import { lt, valid } from "@renovatebot/pep440"
import { json, type Answer } from "./answers.ts"

/** The oldest official client that works; DiracX's own bound. */
const MIN_CLIENT_VERSION = "0.0.1a1"

/** Refuses a client that says that it is too old, on every path; a browser says nothing. */
export function refusedVersion(sent: string | undefined): Answer | undefined {
  if (sent === undefined || sent === "") return undefined
  if (valid(sent) === null) return json({ detail: `Invalid version string: '${sent}'` }, 400)
  if (!lt(sent, MIN_CLIENT_VERSION)) return undefined
  const advice = `Upgrade to a version >= ${MIN_CLIENT_VERSION}.`
  const detail = `Client version ${sent} is not compatible with the server. ${advice}`
  return json({ detail }, 400)
}
