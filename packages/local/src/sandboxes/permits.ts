import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto"
import type { StateKey } from "@spinor/core/security/state-key"
import type { Expected } from "./disk.ts"

interface Permission {
  readonly key: string
  /** Milliseconds since 1970. */
  readonly expires: number
}

/** Allows to put one object into the store, or to take one out of it, until it expires. */
export type Permit =
  | (Permission & Expected & { readonly action: "upload" })
  | (Permission & { readonly action: "download" })

export interface Permits {
  /** The permit and its signature, each safe in a URL. */
  readonly sign: (permit: Permit) => { permit: string; signature: string }
  /** Gives a permit that was signed here; undefined for any other. */
  readonly verify: (permit: string, signature: string) => Permit | undefined
}

/** Permits signed with a key of their own, made of the service's state key. */
export function permits({ signing, encryption }: StateKey): Permits {
  const secret = Buffer.concat([signing, encryption])
  const key = Buffer.from(hkdfSync("sha256", secret, "", "Spinor's sandbox store", 32))
  const signatureOf = (permit: string) => createHmac("sha256", key).update(permit).digest()
  return {
    sign(permit) {
      const text = Buffer.from(JSON.stringify(permit)).toString("base64url")
      return { permit: text, signature: signatureOf(text).toString("base64url") }
    },
    verify(permit, signature) {
      const given = Buffer.from(signature, "base64url")
      const right = signatureOf(permit)
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined
      // It was a permit when it was signed.
      return JSON.parse(Buffer.from(permit, "base64url").toString()) as Permit
    },
  }
}
