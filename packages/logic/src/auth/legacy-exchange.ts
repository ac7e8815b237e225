import { timingSafeEqual } from "node:crypto"
import { DisabledError, InvalidRequestError, UnauthenticatedError } from "@spinor/core/errors"
import type { Config } from "@spinor/core/config/schema"
import { sha256 } from "@spinor/core/security/digest"
import { parseScope } from "@spinor/core/security/scope"
import { AuthDB } from "@spinor/db/sql/auth/auth-db"
import type { AuthDeps } from "./deps.ts"
import { issueTokens, type IssuedTokens } from "./issue.ts"

export interface LegacyExchange {
  readonly preferredUsername: string
  readonly scope: string
  /** `Bearer diracx:legacy:<the clear key in base64url>`. */
  readonly authorization: string
  /** Of the refresh token. */
  readonly expiresMinutes: number | undefined
}

const FORM = /^Bearer diracx:legacy:((?:[\w-]{4})*(?:[\w-]{2}==|[\w-]{3}=)?)$/

/**
 * Gives legacy DIRAC, which knows the key, the tokens of any user (DiracX's perform_legacy_exchange).
 * @throws DisabledError without a key in the settings; UnauthenticatedError for another key;
 * InvalidRequestError for an unknown user or scope; ForbiddenError for a group that is not the user's
 */
export async function exchangeLegacyProxy(
  deps: AuthDeps,
  { preferredUsername, scope, authorization, expiresMinutes }: LegacyExchange,
): Promise<IssuedTokens> {
  const { legacyExchangeKeyHash: expected } = deps.settings
  if (expected === undefined) throw new DisabledError("Legacy exchange is not enabled")
  const [, key] = FORM.exec(authorization) ?? []
  if (key === undefined) throw new InvalidRequestError("Invalid authorization header")
  if (!holds(key, expected)) {
    throw new UnauthenticatedError("Invalid credentials", { challenge: true })
  }
  const { config } = await deps.config.latest()
  const subject = subjectOf(config, preferredUsername, scope, deps.settings.availableProperties)
  return await deps.sql.write({ auth: AuthDB }, ({ auth }) =>
    issueTokens(deps, auth, config, {
      scope,
      subject,
      legacy: { refreshTokenMinutes: expiresMinutes },
    }),
  )
}

function holds(key: string, expectedHash: string): boolean {
  const expected = Buffer.from(expectedHash, "hex")
  const given = sha256(Buffer.from(key, "base64url"))
  return expected.length === given.length && timingSafeEqual(expected, given)
}

function subjectOf(
  config: Config,
  preferredUsername: string,
  scope: string,
  availableProperties: ReadonlySet<string>,
): string {
  const refusal = "Invalid scope or preferred_username"
  const users = config.Registry[voOf(scope, config, availableProperties) ?? ""]?.Users ?? {}
  const found = Object.entries(users).find(
    ([, user]) => user.PreferedUsername === preferredUsername,
  )
  if (found === undefined) throw new InvalidRequestError(refusal)
  return found[0]
}

function voOf(
  scope: string,
  config: Config,
  availableProperties: ReadonlySet<string>,
): string | undefined {
  try {
    return parseScope(scope, config, availableProperties).vo
  } catch (error) {
    if (error instanceof InvalidRequestError) return undefined
    throw error
  }
}
