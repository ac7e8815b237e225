import { InvalidRequestError } from "@spinor/core/errors"
import { plusSeconds } from "@spinor/core/instant"
import type { InitiateDeviceFlowResponse } from "@spinor/core/models/auth"
import { sha256Hex } from "@spinor/core/security/digest"
import type { RandomBytes } from "@spinor/core/security/random"
import { parseScope } from "@spinor/core/security/scope"
import { AuthDB } from "@spinor/db/sql/auth/auth-db"
import type { AuthDeps } from "./deps.ts"
import { completeSignIn, signInUrl } from "./identity-provider.ts"

/** No vowels, so that no words appear (RFC 8628, section 6.1). */
const USER_CODE_ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
const USER_CODE_LENGTH = 8
const ATTEMPTS = 5

const GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"

/**
 * Begins the login of a device (RFC 8628).
 * @throws InvalidRequestError for an unknown client or a scope that cannot be given
 */
export async function initiateDeviceFlow(
  deps: AuthDeps,
  {
    clientId,
    scope,
    verificationUri,
  }: { clientId: string; scope: string; verificationUri: string },
): Promise<InitiateDeviceFlowResponse> {
  const { settings, random, clock } = deps
  if (clientId !== settings.clientId) throw new InvalidRequestError("Unrecognised client ID")
  const { config } = await deps.config.latest()
  parseScope(scope, config, settings.availableProperties)
  if (scope.length > 1024) throw new InvalidRequestError("The scope is longer than 1024 characters")

  const deviceCode = random(32).toString("base64url")
  const userCode = await firstFree(
    () => newUserCode(random),
    (code) =>
      deps.sql.write({ auth: AuthDB }, ({ auth }) =>
        auth.insertDeviceFlow({
          userCode: code,
          deviceCode: sha256Hex(deviceCode),
          clientId,
          scope,
          creationTime: clock(),
        }),
      ),
  )
  return {
    user_code: userCode,
    device_code: deviceCode,
    verification_uri_complete: `${verificationUri}?user_code=${userCode}`,
    verification_uri: verificationUri,
    expires_in: settings.deviceFlowSeconds,
  }
}

/**
 * The URL at which the owner of a user code signs in.
 * @throws InvalidRequestError for a code that is unknown, used or expired
 */
export async function signInUrlOfDevice(
  deps: AuthDeps,
  { userCode, redirectUri }: { userCode: string; redirectUri: string },
): Promise<string> {
  const scope = await deps.sql.read({ auth: AuthDB }, ({ auth }) =>
    auth.scopeOfPendingDeviceFlow(userCode, oldestFlow(deps)),
  )
  if (scope === undefined) throw new InvalidRequestError("No row was found when one was required")
  const { config } = await deps.config.latest()
  const { vo } = parseScope(scope, config, deps.settings.availableProperties)
  const state = { grant_type: GRANT_TYPE, user_code: userCode }
  return await signInUrl(deps, config, { vo, redirectUri, state })
}

/** Records that the user has signed in, so that the device can fetch its tokens. */
export async function finishDeviceFlow(
  deps: AuthDeps,
  callback: { code: string; state: string; redirectUri: string },
): Promise<void> {
  const { config } = await deps.config.latest()
  const { state, idToken } = await completeSignIn(deps, config, callback)
  const userCode = state["user_code"]
  if (state["grant_type"] !== GRANT_TYPE || userCode === undefined) {
    throw new InvalidRequestError("Invalid state")
  }
  const completed = await deps.sql.write({ auth: AuthDB }, ({ auth }) =>
    auth.completeDeviceFlow(userCode, idToken, oldestFlow(deps)),
  )
  if (!completed) throw new InvalidRequestError(`0 rows matched user_code ${userCode}`)
}

/** Flows that began before this moment have expired. */
export const oldestFlow = ({ clock, settings }: Pick<AuthDeps, "clock" | "settings">) =>
  plusSeconds(clock(), -settings.deviceFlowSeconds)

/** Each letter is drawn with the same chance: bytes past the last whole alphabet are thrown away. */
function newUserCode(random: RandomBytes): string {
  const usable = 256 - (256 % USER_CODE_ALPHABET.length)
  let code = ""
  while (code.length < USER_CODE_LENGTH) {
    for (const byte of random(USER_CODE_LENGTH)) {
      if (byte < usable) code += USER_CODE_ALPHABET[byte % USER_CODE_ALPHABET.length]
    }
  }
  return code.slice(0, USER_CODE_LENGTH)
}

async function firstFree(
  draw: () => string,
  take: (code: string) => Promise<boolean>,
): Promise<string> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const code = draw()
    if (await take(code)) return code
  }
  throw new Error(`No free user code in ${ATTEMPTS} attempts`)
}
