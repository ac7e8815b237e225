import { systemClock } from "@spinor/core/instant"
import type { Settings } from "@spinor/core/settings/settings"
import { keptDays } from "@spinor/db/documents/retention"
import { authRetention } from "@spinor/logic/auth/upkeep"
import type { SandboxStore } from "@spinor/logic/sandboxes/store"
import type { LoggedTaskDeps } from "./logged-task.ts"
import type { Stores } from "./stores.ts"

/** What tasks need, of the stores that they keep up. */
export const taskDeps = (
  { connections, documents }: Stores,
  sandboxStore: SandboxStore,
  settings: Settings,
): LoggedTaskDeps => ({
  sql: connections.sql,
  engineOf: (name) => connections.engineOf(name),
  clock: systemClock,
  sandboxStore,
  documents,
  retention: { auth: authRetention(settings), documents: keptDays(settings) },
})
