import type { Clock } from "@spinor/core/instant"
import type { Engine } from "@spinor/db/sql/engine"
import type { SqlDatabases } from "@spinor/db/sql/unit-of-work"
import type { Retention as AuthRetention } from "@spinor/logic/auth/upkeep"
import type { Documents } from "@spinor/logic/documents/connect"
import type { SandboxStore } from "@spinor/logic/sandboxes/store"

/** What tasks need from outside. */
export interface TaskDeps {
  readonly sql: SqlDatabases
  readonly engineOf: (databaseName: string) => Promise<Engine>
  readonly clock: Clock
  readonly sandboxStore: SandboxStore
  readonly documents: Pick<Documents, "upkeep" | "outboxes">
  readonly retention: {
    readonly auth: AuthRetention
    /** Days by the names of the databases of documents; what has none, or 0, is kept for ever. */
    readonly documents: Readonly<Record<string, number>>
  }
  /** After it nothing more of a task begins; what is left is left to the next time. */
  readonly noMore?: AbortSignal
}

/** How much was done of what. */
export type Figures = Readonly<Record<string, number>>

/** Something that the service does by itself. To do it twice does no harm. */
export interface Task {
  /** Schedules, messages and logs name it. */
  readonly name: string
  readonly everySeconds: number
  /** The SQL database with the lease of who does it; without one, several may do it at once. */
  readonly leasedIn?: string
  readonly run: (deps: TaskDeps) => Promise<Figures>
}
