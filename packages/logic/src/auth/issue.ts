import type { Config } from "@spinor/core/config/schema"
import { ForbiddenError, UnauthenticatedError } from "@spinor/core/errors"
import { epochMilliseconds } from "@spinor/core/instant"
import type { TokenResponse } from "@spinor/core/models/auth"
import { parseScope } from "@spinor/core/security/scope"
import { signToken } from "@spinor/core/security/tokens"
import { uuid7 } from "@spinor/core/security/uuid7"
import type { AuthDB } from "@spinor/db/sql/auth/auth-db"
import type { AuthDeps } from "./deps.ts"

export type IssuedTokens = Required<TokenResponse>

/** For whom tokens are issued, and with what scope. */
export interface Grant {
  readonly scope: string
  /** The user at the VO's identity provider. */
  readonly subject: string
  /** A refresh token that goes on serving; otherwise a new one is made. */
  readonly refreshToken?: string
  /** For legacy DIRAC: a refresh token that is not rotated, valid for so many minutes. */
  readonly legacy?: { readonly refreshTokenMinutes: number | undefined }
}

/**
 * Issues an access token, and a refresh token that is stored with it (DiracX's exchange_token).
 * @throws ForbiddenError for a user who is not in the group; UnauthenticatedError for one whom the
 * VO does not know
 */
export async function issueTokens(
  { clock, random, keystore, settings }: AuthDeps,
  auth: AuthDB,
  config: Config,
  { scope, subject, refreshToken, legacy }: Grant,
): Promise<IssuedTokens> {
  const { vo, group, properties } = parseScope(scope, config, settings.availableProperties)
  const registry = config.Registry[vo]
  const user = registry?.Users[subject]
  if (user === undefined) {
    throw new UnauthenticatedError(`The user is not registered in the VO ${vo}`, {
      challenge: true,
    })
  }
  const name = user.PreferedUsername
  if (!registry?.Groups[group]?.Users.includes(subject)) {
    throw new ForbiddenError(`User is not a member of the requested group (${name}, ${group})`)
  }

  const now = clock()
  const expiry = (minutes: number) => Math.floor(epochMilliseconds(now) / 1000 + minutes * 60)
  const sub = `${vo}:${subject}`
  const accessToken = signToken(
    {
      sub,
      vo,
      iss: settings.tokenIssuer,
      dirac_properties: [...properties],
      jti: uuid7(now, random),
      preferred_username: name,
      dirac_group: group,
      exp: expiry(settings.accessTokenMinutes),
      dirac_policies: {},
    },
    keystore,
  )
  const newRefreshToken = async () => {
    const jti = uuid7(now, random)
    await auth.insertRefreshToken({ jti, sub, scope })
    const exp = expiry(legacy?.refreshTokenMinutes ?? settings.refreshTokenMinutes)
    return signToken(
      { jti, exp, legacy_exchange: legacy !== undefined, dirac_policies: {} },
      keystore,
    )
  }
  return {
    access_token: accessToken,
    expires_in: settings.accessTokenMinutes * 60,
    token_type: "Bearer",
    refresh_token: refreshToken ?? (await newRefreshToken()),
  }
}
