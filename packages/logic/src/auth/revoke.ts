import { InvalidRequestError, UnauthenticatedError } from "@spinor/core/errors"
import type { RevocationRequest } from "@spinor/core/models/auth"
import { verifyRefreshToken } from "@spinor/core/security/tokens"
import { AuthDB } from "@spinor/db/sql/auth/auth-db"
import type { AuthDeps } from "./deps.ts"

/**
 * Revokes a refresh token (RFC 7009): one that does not hold counts as revoked.
 * @throws UnauthenticatedError for an unknown client; InvalidRequestError for a hint at an access token
 */
export async function revokeRefreshToken(
  deps: Pick<AuthDeps, "sql" | "settings" | "keystore" | "clock">,
  request: RevocationRequest,
): Promise<void> {
  if (request.token_type_hint === "access_token") {
    throw new InvalidRequestError("unsupported_token_type")
  }
  if (request.client_id !== deps.settings.clientId) {
    throw new UnauthenticatedError("Unrecognised client_id", { challenge: true })
  }
  const jti = jtiOf(request.token, deps)
  if (jti === undefined) return
  await deps.sql.write({ auth: AuthDB }, ({ auth }) => auth.revokeRefreshToken(jti))
}

function jtiOf(token: string, deps: Pick<AuthDeps, "keystore" | "clock">): string | undefined {
  try {
    return verifyRefreshToken(token, deps).jti
  } catch (error) {
    if (error instanceof UnauthenticatedError) return undefined
    throw error
  }
}
