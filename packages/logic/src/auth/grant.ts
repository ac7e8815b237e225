import { InvalidRequestError, OAuthError, UnauthenticatedError } from "@spinor/core/errors"
import type { TokenRequest } from "@spinor/core/models/auth"
import { sha256Hex } from "@spinor/core/security/digest"
import { codeChallenge } from "@spinor/core/security/pkce"
import { verifyRefreshToken } from "@spinor/core/security/tokens"
import { AuthDB } from "@spinor/db/sql/auth/auth-db"
import type { AuthDeps } from "./deps.ts"
import { oldestAuthorizationFlow } from "./authorization-flow.ts"
import { oldestFlow } from "./device-flow.ts"
import { issueTokens, type IssuedTokens } from "./issue.ts"

/**
 * Exchanges a grant for tokens (RFC 6749, section 4; DiracX's get_oidc_token).
 * @throws OAuthError for a grant that does not hold; UnauthenticatedError for a refresh token that
 * does not; ForbiddenError for a user who lacks the group
 */
export async function grantTokens(deps: AuthDeps, request: TokenRequest): Promise<IssuedTokens> {
  switch (request.grant_type) {
    case "urn:ietf:params:oauth:grant-type:device_code":
      return await grantToDevice(deps, request)
    case "refresh_token":
      return await refreshTokens(deps, request)
    case "authorization_code":
      return await grantToClient(deps, request)
  }
}

const USED = "Code was already used"

/** A device asks every few seconds; only when its user has signed in, something is written. */
async function grantToDevice(deps: AuthDeps, request: TokenRequest): Promise<IssuedTokens> {
  if (request.device_code === null)
    throw new OAuthError("invalid_request", "device_code is missing")
  const deviceCode = sha256Hex(request.device_code)
  const flow = await deps.sql.read({ auth: AuthDB }, ({ auth }) => auth.deviceFlow(deviceCode))
  if (flow === undefined) throw new OAuthError("invalid_grant", "Device code was not found")
  if (flow.clientId !== request.client_id) throw new InvalidRequestError("Bad client_id")
  if (flow.creationTime < oldestFlow(deps)) {
    throw new UnauthenticatedError("Device code expired", { challenge: true })
  }
  if (flow.status === "PENDING") throw new OAuthError("authorization_pending")
  if (flow.status === "DONE") throw new InvalidRequestError(USED)
  if (flow.status !== "READY" || flow.idToken === null) {
    throw new InvalidRequestError("Bad state in device flow")
  }
  const { scope, idToken } = flow
  const { config } = await deps.config.latest()
  return await deps.sql.write({ auth: AuthDB }, async ({ auth }) => {
    if (!(await auth.endDeviceFlow(deviceCode))) throw new InvalidRequestError(USED)
    return await issueTokens(deps, auth, config, { scope, subject: idToken.sub })
  })
}

async function grantToClient(deps: AuthDeps, request: TokenRequest): Promise<IssuedTokens> {
  const { code, code_verifier: verifier } = request
  if (code === null) throw new OAuthError("invalid_request", "code is missing")
  if (verifier === null) throw new OAuthError("invalid_request", "code_verifier is missing")
  const { config } = await deps.config.latest()
  return await deps.sql.write({ auth: AuthDB }, async ({ auth }) => {
    const flow = await auth.lockAuthorizationFlow(sha256Hex(code), oldestAuthorizationFlow(deps))
    if (flow === undefined) throw new OAuthError("invalid_grant", "Code was not found")
    if (flow.status === "DONE") throw new InvalidRequestError(USED)
    if (flow.status !== "READY" || flow.idToken === null) {
      throw new InvalidRequestError("Bad state in authorization flow")
    }
    if (flow.redirectUri !== request.redirect_uri) {
      throw new InvalidRequestError("Invalid redirect_uri")
    }
    if (flow.clientId !== request.client_id) throw new InvalidRequestError("Bad client_id")
    if (flow.codeChallenge !== codeChallenge(verifier)) {
      throw new InvalidRequestError("Invalid code_challenge")
    }
    await auth.endAuthorizationFlow(flow.uuid)
    return await issueTokens(deps, auth, config, { scope: flow.scope, subject: flow.idToken.sub })
  })
}

const REUSED =
  "Revoked refresh token reused: potential attack detected. You must authenticate again"

/** Each refresh token serves once (RFC 6749, section 10.4); one from legacy DIRAC, until it expires. */
async function refreshTokens(deps: AuthDeps, request: TokenRequest): Promise<IssuedTokens> {
  const { refresh_token: token } = request
  if (token === null) throw new OAuthError("invalid_request", "refresh_token is missing")
  const { jti, legacy_exchange: legacy } = verifyRefreshToken(token, deps)
  const { config } = await deps.config.latest()
  const issued = await deps.sql.write({ auth: AuthDB }, async ({ auth }) => {
    const stored = await auth.refreshToken(jti)
    if (stored === undefined) throw new InvalidRequestError(`Token ${jti} not found`)
    // It is exchanged many times, so its reuse tells of no theft.
    if (legacy && stored.status === "REVOKED") return undefined
    if (!legacy && !(await auth.revokeRefreshToken(jti))) {
      await auth.revokeRefreshTokensOf(stored.sub)
      // Returned, not thrown: the revocation must be committed.
      return undefined
    }
    const [vo = ""] = stored.sub.split(":")
    return await issueTokens(deps, auth, config, {
      scope: stored.scope,
      subject: stored.sub.slice(vo.length + 1),
      ...(legacy && { refreshToken: token }),
    })
  })
  if (issued === undefined) throw new UnauthenticatedError(REUSED, { challenge: true })
  return issued
}
