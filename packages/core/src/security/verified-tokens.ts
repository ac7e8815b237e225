import { epochMilliseconds } from "../instant.ts"
import { sha256 } from "./digest.ts"
import { verifyAccessToken, type AccessTokenPayload, type Verification } from "./tokens.ts"

/** How many are remembered; a claim set takes about a kilobyte. */
const MOST = 10_000

/**
 * Verifies access tokens, and believes one that it has verified until it expires: to verify it takes longer than
 * most answers. Bound to one key set and one issuer.
 */
export class VerifiedTokens {
  readonly #verification: Verification & { readonly issuer: string }
  readonly #most: number
  /** By the digests of the tokens, the longest known first. */
  readonly #known = new Map<string, AccessTokenPayload>()

  constructor(verification: Verification & { readonly issuer: string }, most = MOST) {
    this.#verification = verification
    this.#most = most
  }

  /** @throws UnauthenticatedError "Invalid JWT" for whatever is wrong with it */
  claimsOf(token: string): AccessTokenPayload {
    const digest = sha256(token).toString("base64")
    const known = this.#known.get(digest)
    if (known !== undefined && this.#holds(known)) return known
    this.#known.delete(digest)
    const claims = verifyAccessToken(token, this.#verification)
    this.#remember(digest, claims)
    return claims
  }

  #holds({ exp }: AccessTokenPayload): boolean {
    return exp > Math.floor(epochMilliseconds(this.#verification.clock()) / 1000)
  }

  #remember(digest: string, claims: AccessTokenPayload): void {
    const [oldest] = this.#known.keys()
    if (this.#known.size >= this.#most && oldest !== undefined) this.#known.delete(oldest)
    this.#known.set(digest, claims)
  }
}
