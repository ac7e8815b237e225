import { BadGatewayError, InvalidRequestError, UnauthenticatedError } from "@spinor/core/errors"
import { plusSeconds, type Instant } from "@spinor/core/instant"
import { sha256Hex } from "@spinor/core/security/digest"
import { parseScope } from "@spinor/core/security/scope"
import { uuid7 } from "@spinor/core/security/uuid7"
import { AuthDB } from "@spinor/db/sql/auth/auth-db"
import type { AuthDeps } from "./deps.ts"
import { completeSignIn, signInUrl } from "./identity-provider.ts"

const GRANT_TYPE = "authorization_code"

/** What a client asks for (RFC 6749, section 4.1.1, and RFC 7636). */
export interface AuthorizationRequest {
  readonly clientId: string
  readonly redirectUri: string
  readonly scope: string
  /** The client's own, returned to it. */
  readonly state: string
  readonly codeChallenge: string
}

/**
 * Begins a login with a browser; gives the URL at which the user signs in.
 * @throws InvalidRequestError for an unknown client or redirect, or a scope that cannot be given
 */
export async function initiateAuthorizationFlow(
  deps: AuthDeps,
  { clientId, redirectUri, scope, state, codeChallenge }: AuthorizationRequest,
  callbackUri: string,
): Promise<string> {
  const { settings, clock, random } = deps
  if (clientId !== settings.clientId) throw new InvalidRequestError("Unrecognised client_id")
  if (!settings.allowedRedirects.has(redirectUri)) {
    throw new InvalidRequestError("Unrecognised redirect_uri")
  }
  const { config } = await deps.config.latest()
  const { vo } = parseScope(scope, config, settings.availableProperties)
  if (scope.length > 1024) throw new InvalidRequestError("The scope is longer than 1024 characters")
  if (codeChallenge.length > 255) throw new InvalidRequestError("Invalid code_challenge")
  const uuid = uuid7(clock(), random)
  const url = await signInUrl(deps, config, {
    vo,
    redirectUri: callbackUri,
    state: { external_state: state, uuid, grant_type: GRANT_TYPE },
  })
  await deps.sql.write({ auth: AuthDB }, ({ auth }) =>
    auth.insertAuthorizationFlow({
      uuid,
      clientId,
      scope,
      codeChallenge,
      codeChallengeMethod: "S256",
      redirectUri,
      creationTime: clock(),
    }),
  )
  return url
}

/**
 * Records who has signed in; gives the client's URL with the code for its tokens.
 * @throws InvalidRequestError "Invalid state"; UnauthenticatedError "Invalid code"; BadGatewayError
 */
export async function completeAuthorizationFlow(
  deps: AuthDeps,
  callback: { code: string; state: string; redirectUri: string },
): Promise<string> {
  const { config } = await deps.config.latest()
  const { state, idToken } = await completeSignIn(deps, config, callback).catch(explained)
  const { uuid, external_state: externalState } = state
  if (state["grant_type"] !== GRANT_TYPE || uuid === undefined || externalState === undefined) {
    throw new InvalidRequestError("Invalid state")
  }
  const code = deps.random(32).toString("base64url")
  const flow = await deps.sql.write({ auth: AuthDB }, ({ auth }) =>
    auth.completeAuthorizationFlow(
      uuid,
      { idToken, code: sha256Hex(code) },
      oldestAuthorizationFlow(deps),
    ),
  )
  if (flow === undefined) throw new InvalidRequestError("Invalid state")
  const url = new URL(flow.redirectUri)
  url.searchParams.set("code", code)
  url.searchParams.set("state", externalState)
  return url.href
}

/** Flows that began before this moment have expired. */
export const oldestAuthorizationFlow = ({
  clock,
  settings,
}: Pick<AuthDeps, "clock" | "settings">): Instant =>
  plusSeconds(clock(), -settings.authorizationFlowSeconds)

/** DiracX's words for this flow. */
function explained(error: unknown): never {
  if (error instanceof UnauthenticatedError) {
    throw new UnauthenticatedError("Invalid code", { cause: error })
  }
  if (error instanceof BadGatewayError) {
    throw new BadGatewayError("Failed to contact IAM server", { cause: error })
  }
  throw error
}
