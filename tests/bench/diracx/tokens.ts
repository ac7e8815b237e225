import { parseKeystore } from "@spinor/core/security/keystore"
import { serviceOn } from "../../support/service.ts"

export const ISSUER = "https://bench.example.org"

const DAY_SECONDS = 86_400

/** Signs access tokens that all servers with these keys believe, good for a day; no two are the same. */
export function signerOf(keys: string): ReturnType<typeof serviceOn>["tokenFor"] {
  const { tokenFor } = serviceOn(undefined as never, { keystore: parseKeystore(keys) })
  const claims = { iss: ISSUER, exp: Math.floor(Date.now() / 1000) + DAY_SECONDS }
  return (caller) => tokenFor(caller, claims)
}
