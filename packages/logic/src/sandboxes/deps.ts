import type { Clock } from "@spinor/core/instant"
import type { SqlDatabases } from "@spinor/db/sql/unit-of-work"
import type { SandboxStore } from "./store.ts"

/** What operations on sandboxes need from outside. */
export interface SandboxDeps {
  readonly sql: SqlDatabases
  readonly clock: Clock
  readonly sandboxStore: SandboxStore
}

/** The user on whose behalf something is done with sandboxes. */
export interface SandboxUser {
  readonly vo: string
  readonly group: string
  readonly preferredUsername: string
  readonly properties: ReadonlySet<string>
}
