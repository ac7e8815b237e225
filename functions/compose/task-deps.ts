import type { Settings } from "@spinor/core/settings/settings"
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
  retention: {
    auth: {
      refreshTokenMonths: settings.DIRACX_SERVICE_AUTH_REFRESH_TOKEN_RETENTION_MONTHS,
      flowMinutes: settings.DIRACX_SERVICE_AUTH_COMPLETED_FLOW_RETENTION_MINUTES,
    },
    documents: {
      JobParametersDB: settings.SPINOR_PARAMETERS_RETENTION_DAYS,
      PilotParametersDB: settings.SPINOR_PARAMETERS_RETENTION_DAYS,
      PilotLogsDB: settings.SPINOR_PILOT_LOGS_RETENTION_DAYS,
    },
  },
})
