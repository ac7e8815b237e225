import { createHash } from "node:crypto"
import type { RandomBytes } from "./random.ts"

/** A fresh code verifier of 64 hexadecimal digits (RFC 7636, section 4.1). */
export const codeVerifier = (random: RandomBytes): string => random(32).toString("hex")

/** The S256 code challenge of a verifier, base64url without padding (RFC 7636, section 4.2). */
export const codeChallenge = (verifier: string): string =>
  createHash("sha256").update(verifier).digest("base64url")
