import type { DocumentPlaces, Cluster } from "@spinor/db/os/options-from-settings"
import type { AwsCredentials } from "@spinor/db/os/aws-credentials"
import type { OsConnection } from "@spinor/db/os/connection"
import type { Outbox } from "@spinor/db/sql/documents/outbox"
import { JobDB } from "@spinor/db/sql/job/job-db"
import { PilotAgentsDB } from "@spinor/db/sql/pilot/pilot-agents-db"
import type { SqlDatabases } from "@spinor/db/sql/unit-of-work"
import { managedOutbox, type ManagedOutbox } from "./managed-outbox.ts"
import { jobParametersInSql, pilotLogsInSql, pilotParametersInSql } from "./in-sql.ts"
import { nothingWaits, outboxSender, type OutboxSender, type SenderOptions } from "./sender.ts"
import type { DocumentStore, DocumentUpkeep } from "./store.ts"

/** The stores of documents of a service. */
export interface Documents {
  readonly jobParameters: DocumentStore<JobDB>
  readonly pilotParameters: DocumentStore<PilotAgentsDB>
  readonly pilotLogs: DocumentStore<PilotAgentsDB>
  readonly outbox: OutboxSender
  /** For operators, by the names of the databases of documents: "JobParametersDB". */
  readonly upkeep: ReadonlyMap<string, DocumentUpkeep>
  /** For operators, by the names of the SQL databases that have them: "JobDB". */
  readonly outboxes: ReadonlyMap<string, ManagedOutbox>
  /** The same for those who have until a signal: their units of work end with it. */
  until(signal: AbortSignal): Pick<Documents, "upkeep" | "outboxes">
  /** Whether anything is in OpenSearch, for which it may have to wait. */
  readonly usesOpenSearch: boolean
  /** Where documents are, each place once: "SQL", or URLs without secrets. */
  readonly places: readonly string[]
  close(): Promise<void>
}

interface Options extends SenderOptions {
  readonly sql: SqlDatabases
  readonly places: DocumentPlaces
  /** With which the names of all indices begin. */
  readonly globalPrefix: string
  /** Asked for every request that is signed. */
  readonly credentials: () => AwsCredentials
}

/** Makes the stores of documents; what has to do with OpenSearch is loaded if it is used. */
export async function connectDocuments(options: Options): Promise<Documents> {
  const { sql, places, globalPrefix, credentials } = options
  const connections = new Map<string, OsConnection>()

  const connected = async ({ client, variable }: Cluster): Promise<OsConnection> => {
    const { connectOs } = await import("@spinor/db/os/connection")
    const key = JSON.stringify(client)
    const connection = connections.get(key) ?? connectOs(client, { variable, credentials })
    connections.set(key, connection)
    return connection
  }

  const place = async <Owner extends { readonly outbox: Outbox }>(
    inSql: DocumentStore<Owner>,
  ): Promise<DocumentStore<Owner>> => {
    const cluster = places.clusterOf(inSql.declared.name)
    if (cluster === undefined) return inSql
    const { openSearchStore } = await import("./in-open-search.ts")
    const { OSDatabase } = await import("@spinor/db/os/os-database")
    const connection = await connected(cluster)
    return openSearchStore(new OSDatabase(inSql.declared, connection, globalPrefix), options)
  }

  const jobParameters = await place(jobParametersInSql)
  const pilotParameters = await place(pilotParametersInSql)
  const pilotLogs = await place(pilotLogsInSql)
  const outboxesIn = (sql: SqlDatabases) =>
    new Map([
      managedOutbox(sql, { Owner: JobDB, stores: [jobParameters] }),
      managedOutbox(sql, { Owner: PilotAgentsDB, stores: [pilotParameters, pilotLogs] }),
    ])
  const managedIn = (sql: SqlDatabases) => ({
    outboxes: outboxesIn(sql),
    upkeep: new Map(
      [jobParameters, pilotParameters, pilotLogs].map((store) => [
        store.declared.name,
        store.upkeep(sql),
      ]),
    ),
  })
  const managed = managedIn(sql)
  const usesOpenSearch = connections.size > 0
  return {
    jobParameters,
    pilotParameters,
    pilotLogs,
    outbox: usesOpenSearch
      ? outboxSender((bounded) => [...outboxesIn(bounded).values()], options)
      : nothingWaits,
    ...managed,
    until: (signal) => managedIn(sql.until(signal)),
    usesOpenSearch,
    places: [...new Set(Array.from(managed.upkeep.values(), ({ place }) => place))],
    async close() {
      for (const connection of connections.values()) await connection.close()
    },
  }
}
