import { InvalidRequestError, UnauthenticatedError } from "@spinor/core/errors"
import type { VerifiedTokens } from "@spinor/core/security/verified-tokens"

/** The bearer of a valid access token. */
export interface User {
  /** `<vo>:<subject at the VO's identity provider>`. */
  readonly sub: string
  readonly vo: string
  readonly group: string
  readonly preferredUsername: string
  readonly properties: ReadonlySet<string>
  readonly policies: Readonly<Record<string, unknown>>
}

/**
 * Knows the caller by the Authorization header (RFC 6750; DiracX's verify_dirac_access_token).
 * @throws UnauthenticatedError without a token that holds, InvalidRequestError for an empty one
 */
export function authenticate(
  authorization: string | undefined,
  tokens: Pick<VerifiedTokens, "claimsOf">,
): User {
  if (authorization === undefined || authorization === "") {
    throw new UnauthenticatedError("Authorization header is missing", { challenge: true })
  }
  const [, scheme = "", token = ""] = /^(\S+) *(.*)$/.exec(authorization) ?? []
  if (scheme.toLowerCase() !== "bearer") {
    throw new UnauthenticatedError("Invalid authorization header", { challenge: true })
  }
  if (token === "") throw new InvalidRequestError("Invalid authorization header")
  const claims = tokens.claimsOf(token)
  return {
    sub: claims.sub,
    vo: claims.vo,
    group: claims.dirac_group,
    preferredUsername: claims.preferred_username,
    properties: new Set(claims.dirac_properties),
    policies: claims.dirac_policies,
  }
}
