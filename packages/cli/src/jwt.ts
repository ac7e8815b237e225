import * as z from "zod"

const Claims = z.object({ iss: z.string().optional(), exp: z.number().optional() })

/** What a token says of itself; nothing here believes it, and the signature is the service's affair. */
export function claimsOf(token: string): z.output<typeof Claims> {
  try {
    const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString()
    return Claims.safeParse(JSON.parse(payload)).data ?? {}
  } catch {
    return {}
  }
}
