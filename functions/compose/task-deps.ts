import { systemClock } from "@spinor/core/instant"
import type { Settings } from "@spinor/core/settings/settings"
import { keptDays } from "@spinor/db/documents/retention"
import { authRetention } from "@spinor/logic/auth/upkeep"
import type { SandboxStore } from "@spinor/logic/sandboxes/store"
import type { TaskDeps } from "@spinor/tasks/task"
import type { Stores } from "./stores.ts"

/** What tasks need, of the stores that they keep up. */
export const taskDeps = (
  { connections, documents }: Stores,
  sandboxStore: SandboxStore,
  settings: Settings,
): TaskDeps => ({
  sql: connections.sql,
  engineOf: (name) => connections.engineOf(name),
  clock: systemClock,
  sandboxStore,
  documents,
  retention: { auth: authRetention(settings), documents: keptDays(settings) },
})
