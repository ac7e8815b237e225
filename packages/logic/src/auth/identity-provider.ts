import type * as OAuth from "oauth4webapi"
import * as z from "zod"
import type { Config } from "@spinor/core/config/schema"
import { isWithin } from "@spinor/core/elapsed"
import { BadGatewayError, UnauthenticatedError } from "@spinor/core/errors"
import { codeChallenge, codeVerifier } from "@spinor/core/security/pkce"
import { openState, sealState } from "@spinor/core/security/state-key"
import type { AuthDeps } from "./deps.ts"

/** Claims of an ID token whose issuer, audience, times and signature hold. */
export type IdTokenClaims = { sub: string } & Record<string, unknown>

type ProviderDeps = Pick<AuthDeps, "clock" | "random" | "stateKey">

/** Metadata is asked for again after an hour. */
const METADATA_MILLISECONDS = 3_600_000
const TIMEOUT_MILLISECONDS = 10_000

const known = new Map<string, { metadata: OAuth.AuthorizationServer; since: number }>()

/**
 * The URL at which a user signs in with the VO's identity provider; what is needed to go on
 * afterwards travels sealed in its `state`.
 * @throws BadGatewayError when the provider is away
 */
export async function signInUrl(
  deps: ProviderDeps,
  config: Config,
  { vo, redirectUri, state }: { vo: string; redirectUri: string; state: Record<string, string> },
): Promise<string> {
  const provider = providerOf(config, vo)
  const verifier = codeVerifier(deps.random)
  const { authorization_endpoint: endpoint } = await discover(provider.URL, deps)
  if (endpoint === undefined) throw new BadGatewayError("Failed to contact IAM server")
  const url = new URL(endpoint)
  const parameters = {
    response_type: "code",
    code_challenge: codeChallenge(verifier),
    code_challenge_method: "S256",
    client_id: provider.ClientID,
    redirect_uri: redirectUri,
    scope: "openid profile",
    state: sealState({ ...state, vo, code_verifier: verifier }, deps.stateKey, deps),
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}

/**
 * Fetches the ID token of a user who came back from the identity provider, and opens the state.
 * @throws InvalidRequestError "Invalid state"; UnauthenticatedError for a code that does not hold;
 * BadGatewayError when the provider is away or answers nonsense
 */
export async function completeSignIn(
  deps: ProviderDeps,
  config: Config,
  { code, state: sealed, redirectUri }: { code: string; state: string; redirectUri: string },
): Promise<{ state: Record<string, string>; idToken: IdTokenClaims }> {
  const state = openState(sealed, deps.stateKey)
  const provider = providerOf(config, state["vo"] ?? "")
  const metadata = await discover(provider.URL, deps)
  const oauth = await import("oauth4webapi")
  const client = { client_id: provider.ClientID }
  const options = requestOptions(oauth, provider.URL)
  const callback = oauth.validateAuthResponse(
    metadata,
    client,
    // The sealed state has been opened, so it is the one that was sent.
    new URLSearchParams({
      code,
      ...(metadata.authorization_response_iss_parameter_supported && { iss: metadata.issuer }),
    }),
    oauth.expectNoState,
  )
  const response = await reaching(() =>
    oauth.authorizationCodeGrantRequest(
      metadata,
      client,
      oauth.None(),
      callback,
      redirectUri,
      state["code_verifier"] ?? "",
      options,
    ),
  )
  if (response.status >= 500) throw new BadGatewayError("Failed to contact IAM server")
  try {
    const tokens = await oauth.processAuthorizationCodeResponse(metadata, client, response, {
      requireIdToken: true,
    })
    await oauth
      .validateApplicationLevelSignature(metadata, response, options)
      .catch((error: unknown) => mustBeRefusal(oauth, error))
    const claims = oauth.getValidatedIdTokenClaims(tokens)
    if (claims === undefined) throw new Error("no ID token")
    return { state, idToken: { ...claims } }
  } catch (error) {
    if (error instanceof BadGatewayError) throw error
    // DiracX's words for a code that the provider refuses, and for a token that does not hold.
    throw new UnauthenticatedError("Failed to contact IAM server", { cause: error })
  }
}

/** Throws what says that a signature does not hold; all else says that the provider's keys cannot be had. */
function mustBeRefusal(oauth: typeof OAuth, error: unknown): never {
  const refusals = [oauth.INVALID_RESPONSE, oauth.KEY_SELECTION, oauth.UNSUPPORTED_OPERATION]
  const code = error instanceof Error && "code" in error ? String(error.code) : ""
  if (refusals.includes(code)) throw error
  throw new BadGatewayError("Failed to contact IAM server", { cause: error })
}

function providerOf(config: Config, vo: string) {
  const registry = config.Registry[vo]
  if (registry === undefined) throw new BadGatewayError("Failed to contact IAM server")
  return registry.IdP
}

async function discover(url: string, deps: ProviderDeps): Promise<OAuth.AuthorizationServer> {
  const cached = known.get(url)
  const now = Date.parse(deps.clock())
  if (cached && isWithin(METADATA_MILLISECONDS, cached.since, now)) return cached.metadata
  const oauth = await import("oauth4webapi")
  const metadata = await reaching(async () => {
    const response = await oauth.discoveryRequest(new URL(url), requestOptions(oauth, url))
    const { issuer } = z.object({ issuer: z.url() }).parse(await response.clone().json())
    // The VO's configuration is trusted to name the provider, which may spell its own name otherwise.
    return await oauth.processDiscoveryResponse(new URL(issuer), response)
  })
  known.set(url, { metadata, since: now })
  return metadata
}

const requestOptions = (oauth: typeof OAuth, url: string) => ({
  [oauth.allowInsecureRequests]: url.startsWith("http:"),
  // Logins are rare, and a machine may sleep between two: a connection that was kept would be dead.
  headers: { connection: "close" },
  signal: () => AbortSignal.timeout(TIMEOUT_MILLISECONDS),
})

async function reaching<Result>(request: () => Promise<Result>): Promise<Result> {
  try {
    return await request()
  } catch (error) {
    throw new BadGatewayError("Failed to contact IAM server", { cause: error })
  }
}
