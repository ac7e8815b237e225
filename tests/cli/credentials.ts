import { mkdir, writeFile } from "node:fs/promises"
import { dirname } from "node:path"
import * as z from "zod"
import { approve } from "./browser.ts"
import type { Place } from "./cli.ts"

const CLIENT_ID = "myDIRACClientID"

const Device = z.object({ device_code: z.string(), verification_uri_complete: z.string() })

const Tokens = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  expires_in: z.number(),
})
export type Tokens = z.output<typeof Tokens>

/** A login without the command, and so without its pauses. */
export async function newTokens(url: string, scope = "vo:testvo"): Promise<Tokens> {
  const query = new URLSearchParams({ client_id: CLIENT_ID, scope })
  const asked = await fetch(`${url}/api/auth/device?${query.toString()}`, { method: "POST" })
  const device = Device.parse(await asked.json())
  await approve(device.verification_uri_complete)
  const body = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    device_code: device.device_code,
    client_id: CLIENT_ID,
  })
  const granted = await fetch(`${url}/api/auth/token`, { method: "POST", body })
  return Tokens.parse(await granted.json())
}

/** Keeps tokens where the command looks for them, as DiracX's own client does. */
export async function keep(
  { credentials }: Place,
  { access_token, refresh_token, expires_in }: Tokens,
): Promise<void> {
  const expires_on = Math.floor(Date.now() / 1000) + expires_in - 15
  await mkdir(dirname(credentials), { recursive: true })
  await writeFile(credentials, JSON.stringify({ access_token, refresh_token, expires_on }))
}
