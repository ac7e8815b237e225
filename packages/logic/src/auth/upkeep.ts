import { plusSeconds, type Clock } from "@spinor/core/instant"
import type { Settings } from "@spinor/core/settings/settings"
import { AuthDB } from "@spinor/db/sql/auth/auth-db"
import { monthOf } from "@spinor/db/sql/auth/partitions"
import type { SqlDatabases } from "@spinor/db/sql/unit-of-work"

/** How long AuthDB keeps what has had its use. */
export interface Retention {
  /** Whole months of refresh tokens besides the present one. */
  readonly refreshTokenMonths: number
  readonly flowMinutes: number
}

/** As the settings say it. */
export const authRetention = (settings: Settings): Retention => ({
  refreshTokenMonths: settings.DIRACX_SERVICE_AUTH_REFRESH_TOKEN_RETENTION_MONTHS,
  flowMinutes: settings.DIRACX_SERVICE_AUTH_COMPLETED_FLOW_RETENTION_MINUTES,
})

/** What upkeep did to AuthDB. */
export interface AuthUpkeep {
  /** Names of partitions of RefreshTokens, which only MySQL has. */
  readonly added: readonly string[]
  readonly dropped: readonly string[]
  /** How many rows were deleted of each. */
  readonly refreshTokens: number
  readonly authorizationFlows: number
  readonly deviceFlows: number
  readonly attempts: number
}

/** Rows in one transaction. */
const BATCH = 1000

const HOUR = 3600

/**
 * Makes room for the tokens of the coming year, and deletes tokens and flows that have expired long ago. It
 * may run beside the service and as often as one likes, but not twice at once. After `noMore` it leaves the
 * rest to the next time.
 */
export async function keepAuth(
  { sql, clock, noMore }: { sql: SqlDatabases; clock: Clock; noMore?: AbortSignal },
  { refreshTokenMonths, flowMinutes }: Retention,
): Promise<AuthUpkeep> {
  const now = clock()
  const oldest = monthOf(now) - refreshTokenMonths
  const endOfFlows = plusSeconds(now, -60 * flowMinutes)
  const all = (work: (auth: AuthDB) => Promise<number>): Promise<number> =>
    inBatches(() => sql.write({ auth: AuthDB }, ({ auth }) => work(auth)), noMore)
  return {
    ...(await sql.write({ auth: AuthDB }, ({ auth }) =>
      auth.maintainPartitions(monthOf(now), oldest),
    )),
    refreshTokens: await all((auth) => auth.deleteRefreshTokens(oldest, BATCH)),
    authorizationFlows: await all((auth) => auth.deleteAuthorizationFlows(endOfFlows, BATCH)),
    deviceFlows: await all((auth) => auth.deleteDeviceFlows(endOfFlows, BATCH)),
    attempts: await sql.write({ auth: AuthDB }, ({ auth }) =>
      auth.deleteAttempts(plusSeconds(now, -HOUR)),
    ),
  }
}

async function inBatches(
  some: () => Promise<number>,
  noMore: AbortSignal | undefined,
): Promise<number> {
  let sum = 0
  for (let goesOn = true; goesOn;) {
    const count = await some()
    sum += count
    goesOn = count === BATCH && noMore?.aborted !== true
  }
  return sum
}
