import type { Instant } from "@spinor/core/instant"
import { partitionRefreshTokens } from "./auth/partitions.ts"
import { authTables } from "./auth/schema.ts"
import type { Queries } from "./queries.ts"
import type { Dialect } from "./dialects/dialect.ts"
import type { Columns } from "./dialects/mysql-columns.ts"
import { jobLoggingTables } from "./job-logging/schema.ts"
import { jobTables } from "./job/schema.ts"
import { pilotTables } from "./pilot/schema.ts"
import { resourceStatusTables } from "./resource-status/schema.ts"
import { sandboxTables } from "./sandbox-metadata/schema.ts"
import { taskQueueTables } from "./task-queue/schema.ts"

/** The tables of each logical database, by the name that DIRACX_DB_URL_<NAME> spells. */
export const declaredTables: Record<string, (columns: Columns) => Record<string, unknown>> = {
  AuthDB: authTables,
  JobDB: jobTables,
  JobLoggingDB: jobLoggingTables,
  PilotAgentsDB: pilotTables,
  ResourceStatusDB: resourceStatusTables,
  SandboxMetadataDB: sandboxTables,
  TaskQueueDB: taskQueueTables,
}

/** What tables that were just made lack, because no migration can say it: it depends on the day. */
export const preparations: Record<
  string,
  (db: Queries, dialect: Dialect, now: Instant) => Promise<void>
> = { AuthDB: partitionRefreshTokens }

/** The names of the logical databases. */
export const DATABASES: readonly string[] = Object.keys(declaredTables)
