import * as z from "zod"
import { CommandError, ConnectionError } from "./errors.ts"
import { readAnswer, type Http, type HttpAnswer } from "./http.ts"
import { CLIENT_ID, Tokens, type Discovery } from "./service.ts"
import type { Shell } from "./shell.ts"

/** What RFC 8628, section 3.2 says of a service that names none, in seconds. */
const INTERVAL = 5
/** What each slow_down adds (section 3.5), in seconds. */
const SLOW_DOWN = 5

const Device = z.object({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.string(),
  verification_uri_complete: z.string().optional(),
  expires_in: z.number(),
  interval: z.number().optional(),
})
export type Device = z.output<typeof Device>

const Refusal = z.object({ error: z.string(), error_description: z.string().optional() })

const GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"

/** Asks for a code with which a person approves this login in a browser (RFC 8628). */
export async function askForDevice(
  http: Http,
  { device_authorization_endpoint: path }: Discovery,
  scope: string,
): Promise<Device> {
  // DiracX takes them from the query, where the RFC has a form.
  const query = { client_id: CLIENT_ID, scope }
  return readAnswer(Device, await http({ method: "POST", path, query }))
}

/**
 * Polls until the person has approved; `onPoll` shows that it goes on.
 * @throws CommandError when the person refuses, or the code expires
 */
export async function awaitApproval(
  http: Http,
  { token_endpoint: path }: Discovery,
  device: Device,
  { now, pause }: Pick<Shell, "now" | "pause">,
  onPoll: () => void,
): Promise<Tokens> {
  const form = { grant_type: GRANT_TYPE, device_code: device.device_code, client_id: CLIENT_ID }
  const end = now() + device.expires_in
  let interval = device.interval ?? INTERVAL
  for (;;) {
    const answer = await unlessUnreachable(
      http({ method: "POST", path, form, expects: [400, 503] }),
    )
    if (answer?.status === 200) return readAnswer(Tokens, answer)
    const error = answer?.status === 400 ? readAnswer(Refusal, answer) : undefined
    if (error?.error === "slow_down") interval += SLOW_DOWN
    else if (error && error.error !== "authorization_pending") throw refused(error)
    // Section 3.5: poll less often when the service does not answer.
    if (error === undefined) interval *= 2
    if (now() + interval >= end) throw refused({ error: "expired_token" })
    onPoll()
    await pause(interval * 1000)
  }
}

async function unlessUnreachable(answer: Promise<HttpAnswer>): Promise<HttpAnswer | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof ConnectionError && !isAbort(error.cause)) return undefined
    throw error
  }
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === "AbortError"

function refused({ error, error_description: why }: z.output<typeof Refusal>): CommandError {
  switch (error) {
    case "access_denied":
      return new CommandError("the login was refused in the browser")
    case "expired_token":
      return new CommandError('nobody approved the login in time: run "spinor login" again')
    default:
      return new CommandError(`the login failed: ${why ?? error}`)
  }
}
