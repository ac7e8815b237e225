import { TooManyRequestsError } from "@spinor/core/errors"
import { epochMilliseconds, type Instant } from "@spinor/core/instant"
import { sha256Hex } from "@spinor/core/security/digest"
import { AuthDB } from "@spinor/db/sql/auth/auth-db"
import type { AuthDeps } from "./deps.ts"

/**
 * Counts a login that somebody begins, or a code that somebody tries, in the database: the limit
 * holds across processes. The address is kept as a digest, for a minute's worth of counting.
 * @throws TooManyRequestsError from the attempt on that is one too many
 */
export async function countLogin(
  { sql, clock, settings }: Pick<AuthDeps, "sql" | "clock" | "settings">,
  address: string | undefined,
): Promise<void> {
  const limit = settings.loginsPerMinute
  if (limit === 0 || address === undefined) return
  const now = clock()
  const minute = `${now.slice(0, 16)}:00.000000Z` as Instant
  const count = await sql.write({ auth: AuthDB }, ({ auth }) =>
    auth.countAttempt(sha256Hex(`login ${address}`), minute),
  )
  if (count <= limit) return
  const seconds = 60 - Math.floor((epochMilliseconds(now) - epochMilliseconds(minute)) / 1000)
  throw new TooManyRequestsError(`More than ${limit} logins in a minute`, seconds)
}
