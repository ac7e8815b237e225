import { SettingsError, type Settings } from "@spinor/core/settings/settings"
import { documentPlaces } from "@spinor/db/os/options-from-settings"
import { connectSql, type SqlConnections } from "@spinor/db/sql/connections"
import { DATABASES } from "@spinor/db/sql/declared"
import { engineOptions } from "@spinor/db/sql/options-from-settings"
import type { SqlTelemetry } from "@spinor/db/sql/telemetry/telemetry"
import { databaseUrls } from "@spinor/db/sql/urls-from-settings"
import { connectDocuments, type Documents } from "@spinor/logic/documents/connect"
import { FLUSH_OUTBOXES } from "@spinor/tasks/names"
import { askForTask } from "./ask-for-task.ts"
import { awsCredentials } from "./aws-credentials.ts"

/** Where the service keeps what it knows, which is all that a migration needs of it; to be closed at the end. */
export interface Stores {
  readonly connections: SqlConnections
  readonly documents: Documents
  /** Where the databases are, each place once; without secrets. */
  readonly databases: readonly string[]
}

export interface StoresOptions {
  /** Told when documents cannot be sent. */
  readonly onProblem: (error: unknown) => void
  /** Told of what happens in databases, where it is wanted. */
  readonly sqlTelemetry?: SqlTelemetry
  /** Variables that its user lacks, to be named along with those that are missing here. */
  readonly missing?: readonly string[]
}

/**
 * Makes the stores of the settings. Nothing is connected before it is needed.
 * @throws SettingsError that names every variable that is missing
 */
export async function composeStores(
  settings: Settings,
  { onProblem, sqlTelemetry, missing = [] }: StoresOptions,
): Promise<Stores> {
  const urls = databaseUrls(settings, DATABASES)
  const places = documentPlaces(settings)
  const lines = [...missing, ...urls.missing, ...places.missing].map((name) => `${name} is not set`)
  if (lines.length > 0) throw new SettingsError(lines)

  const connections = connectSql(urls.urlOf, {
    ...engineOptions(settings),
    ...(sqlTelemetry && { telemetry: sqlTelemetry }),
  })
  const ask = askForTask(settings)
  const documents = await connectDocuments({
    sql: connections.sql,
    places,
    globalPrefix: settings.DIRACX_FACTORY_OS_GLOBAL_PREFIX,
    credentials: awsCredentials,
    elapsed: () => performance.now(),
    onProblem,
    askForFlush: ask && (() => ask(FLUSH_OUTBOXES, 60)),
  })
  const databases = [...new Set(DATABASES.map((name) => urls.urlOf(name).place))]
  return { connections, documents, databases }
}
