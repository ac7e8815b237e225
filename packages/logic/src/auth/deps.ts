import type { ConfigSource } from "@spinor/core/config/sources"
import type { Clock } from "@spinor/core/instant"
import type { Keystore } from "@spinor/core/security/keystore"
import type { RandomBytes } from "@spinor/core/security/random"
import type { StateKey } from "@spinor/core/security/state-key"
import type { SqlDatabases } from "@spinor/db/sql/unit-of-work"

/** What an administrator decides of logins and tokens. */
export interface AuthSettings {
  /** `iss` of the tokens; alone decides what tokens are accepted. */
  readonly tokenIssuer: string
  readonly clientId: string
  readonly accessTokenMinutes: number
  readonly refreshTokenMinutes: number
  readonly deviceFlowSeconds: number
  readonly availableProperties: ReadonlySet<string>
}

/** What logins need from outside. */
export interface AuthDeps {
  readonly sql: SqlDatabases
  readonly config: ConfigSource
  readonly clock: Clock
  readonly random: RandomBytes
  readonly keystore: Keystore
  readonly stateKey: StateKey
  readonly settings: AuthSettings
}
