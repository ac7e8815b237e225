import type { Settings } from "@spinor/core/settings/settings"
import { keptDays } from "@spinor/db/documents/retention"
import { authRetention } from "@spinor/logic/auth/upkeep"
import type { TaskDeps } from "@spinor/tasks/task"
import type { Service } from "./service.ts"

/** What tasks need, of the service that they keep up. */
export const taskDeps = (
  { deps, connections, documents }: Service,
  settings: Settings,
): TaskDeps => ({
  sql: deps.sql,
  engineOf: (name) => connections.engineOf(name),
  clock: deps.clock,
  sandboxStore: deps.sandboxStore,
  documents,
  retention: { auth: authRetention(settings), documents: keptDays(settings) },
})
