import { ForbiddenError, InvalidRequestError, NotFoundError } from "@spinor/core/errors"
import { parseUuid } from "@spinor/core/security/uuid7"
import { AuthDB, type RefreshToken } from "@spinor/db/sql/auth/auth-db"
import type { AuthDeps } from "./deps.ts"

/** Whose refresh tokens somebody may see and revoke. */
export interface TokenOwner {
  readonly sub: string
  readonly properties: ReadonlySet<string>
}

/** Those who manage proxies manage everybody's tokens. */
const subjectOf = ({ sub, properties }: TokenOwner): string | undefined =>
  properties.has("ProxyManagement") ? undefined : sub

export const listRefreshTokens = (
  { sql }: Pick<AuthDeps, "sql">,
  owner: TokenOwner,
): Promise<RefreshToken[]> =>
  sql.read({ auth: AuthDB }, ({ auth }) => auth.refreshTokens(subjectOf(owner)))

/**
 * Revokes the refresh token with that id.
 * @throws InvalidRequestError for what is no UUID; NotFoundError; ForbiddenError for somebody else's
 */
export async function revokeRefreshTokenById(
  { sql }: Pick<AuthDeps, "sql">,
  owner: TokenOwner,
  id: string,
): Promise<void> {
  const jti = uuidOf(id)
  await sql.write({ auth: AuthDB }, async ({ auth }) => {
    const token = await auth.refreshToken(jti)
    if (token === undefined) throw new NotFoundError(`Token ${jti} not found`)
    const subject = subjectOf(owner)
    if (subject !== undefined && subject !== token.sub) {
      throw new ForbiddenError("Cannot revoke a refresh token owned by someone else")
    }
    await auth.revokeRefreshToken(jti)
  })
}

function uuidOf(text: string): string {
  try {
    return parseUuid(text)
  } catch (cause) {
    throw new InvalidRequestError("badly formed hexadecimal UUID string", { cause })
  }
}
