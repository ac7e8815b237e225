import type { ConfigSource } from "@spinor/core/config/config-source"
import type { Clock } from "@spinor/core/instant"
import type { PilotAgentsDB } from "@spinor/db/sql/pilot/pilot-agents-db"
import type { SqlDatabases } from "@spinor/db/sql/unit-of-work"
import type { OutboxSender } from "../documents/sender.ts"
import type { DocumentStore } from "../documents/store.ts"

/** What operations on pilots need from outside. */
export interface PilotDeps {
  readonly sql: SqlDatabases
  readonly config: ConfigSource
  readonly clock: Clock
  readonly pilotParameters: DocumentStore<PilotAgentsDB>
  readonly pilotLogs: DocumentStore<PilotAgentsDB>
  readonly outbox: OutboxSender
}

/** Who does something with pilots. */
export interface PilotUser {
  readonly vo: string
  readonly properties: ReadonlySet<string>
}
