import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto"
import type { StateKey } from "@spinor/core/security/state-key"
import type { Expected } from "./disk.ts"

interface Permission {
  readonly key: string
  /** Milliseconds since 1970. */
  readonly expires: number
}

/** Allows to put one object into the store. */
export type UploadPermit = Permission & Expected
/** Allows to take one object out of it. */
export type DownloadPermit = Permission

/** A permit as it travels, each part safe in a URL. */
export type Signed = Readonly<Record<"permit" | "signature", string>>

/** Signs permits of one kind; gives those that were signed here, and undefined for any other. */
export interface Permits<Permit> {
  readonly sign: (permit: Permit) => Signed
  readonly verify: (signed: Partial<Signed>) => Permit | undefined
}

/** Each kind has a key of its own, made of the service's state key. */
export function permits<Permit>({ signing, encryption }: StateKey, kind: string): Permits<Permit> {
  const secret = Buffer.concat([signing, encryption])
  const key = Buffer.from(hkdfSync("sha256", secret, "", `Spinor's sandboxes: ${kind}`, 32))
  const signatureOf = (permit: string) => createHmac("sha256", key).update(permit).digest()
  return {
    sign(permit) {
      const text = Buffer.from(JSON.stringify(permit)).toString("base64url")
      return { permit: text, signature: signatureOf(text).toString("base64url") }
    },
    verify({ permit = "", signature = "" }) {
      const given = Buffer.from(signature, "base64url")
      const right = signatureOf(permit)
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined
      // It was a permit of this kind when it was signed.
      return JSON.parse(Buffer.from(permit, "base64url").toString()) as Permit
    },
  }
}
