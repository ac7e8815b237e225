import type { ConfigSource } from "@spinor/core/config/config-source"
import type { Clock } from "@spinor/core/instant"
import type { SqlDatabases } from "@spinor/db/sql/unit-of-work"

/** What operations on pilots need from outside. */
export interface PilotDeps {
  readonly sql: SqlDatabases
  readonly config: ConfigSource
  readonly clock: Clock
}

/** Who does something with pilots. */
export interface PilotUser {
  readonly vo: string
  readonly properties: ReadonlySet<string>
}
