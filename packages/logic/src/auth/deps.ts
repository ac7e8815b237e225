import type { ConfigSource } from "@spinor/core/config/config-source"
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
  readonly authorizationFlowSeconds: number
  /** Where the authorization code flow may send its codes. */
  readonly allowedRedirects: ReadonlySet<string>
  /** Logins that one address may begin in a minute; 0 for any number. */
  readonly loginsPerMinute: number
  /** SHA-256, in hexadecimal digits, of the key with which legacy DIRAC exchanges proxies for tokens. */
  readonly legacyExchangeKeyHash: string | undefined
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
