import { authTables } from "./auth/schema.ts"
import type { Columns } from "./dialects/mysql-columns.ts"
import { jobLoggingTables } from "./job-logging/schema.ts"
import { jobTables } from "./job/schema.ts"
import { pilotTables } from "./pilot/schema.ts"
import { taskQueueTables } from "./task-queue/schema.ts"

/** The tables of each logical database, by the name that DIRACX_DB_URL_<NAME> spells. */
export const declaredTables: Record<string, (columns: Columns) => Record<string, unknown>> = {
  AuthDB: authTables,
  JobDB: jobTables,
  JobLoggingDB: jobLoggingTables,
  PilotAgentsDB: pilotTables,
  TaskQueueDB: taskQueueTables,
}

/** The names of the logical databases. */
export const DATABASES: readonly string[] = Object.keys(declaredTables)
