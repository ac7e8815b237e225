import { epochMilliseconds } from "@spinor/core/instant"
import { SettingsError, type Settings } from "@spinor/core/settings/settings"
import { DOCUMENT_DATABASES } from "@spinor/db/documents/databases"
import { keptDays } from "@spinor/db/documents/retention"
import type { AwsCredentials } from "@spinor/db/os/aws-credentials"
import { connectOs } from "@spinor/db/os/connection"
import { documentPlaces, telemetryCluster } from "@spinor/db/os/options-from-settings"
import { StreamUpkeep } from "@spinor/db/os/telemetry/upkeep"
import { connectDocuments } from "@spinor/logic/documents/connect"
import type { ManagedOutbox } from "@spinor/logic/documents/managed-outbox"
import type { DocumentUpkeep } from "@spinor/logic/documents/store"
import { connect, mustExist, openEngine } from "./db-connection.ts"
import type { JsonOption } from "./json.ts"
import { OperatorError, type Terminal } from "./terminal.ts"

export interface DocumentsOption extends JsonOption {
  readonly database?: readonly string[]
}

/** One database of documents, as an operator sees it. */
export interface Store {
  readonly name: string
  readonly upkeep: DocumentUpkeep
  /** What waits for it, with other documents; telemetry never waits. */
  readonly outbox: ManagedOutbox | undefined
  /** How long documents are kept; 0 for ever. */
  readonly keptDays: number
}

/** The databases of documents that an operator works on. */
export interface Stores {
  readonly stores: readonly Store[]
  /** What went wrong since it was last asked, where that is no failure. */
  readonly takeProblem: () => unknown
  readonly close: () => Promise<void>
}

const DOCUMENTS = DOCUMENT_DATABASES.map(({ name }) => name)

/** Of telemetry, where that is in OpenSearch. */
const STREAMS = { OpenTelemetryTraces: "traces", OpenTelemetryLogs: "logs" } as const

/** The SQL databases that documents belong to. */
const OWNERS = ["JobDB", "PilotAgentsDB"]

/**
 * Connects with where the environment keeps documents, as the server does.
 * @throws OperatorError that says in one line what is wrong with the environment
 */
export async function connectStores(
  { database: named }: DocumentsOption,
  terminal: Terminal,
): Promise<Stores> {
  mustExist(named ?? [], [...DOCUMENTS, ...Object.keys(STREAMS)])
  const { settings, urlOf, connections } = connect(terminal, OWNERS)
  let problem: unknown
  try {
    const places = documentPlaces(settings)
    if (places.missing.length > 0) {
      throw new OperatorError(`not set: ${places.missing.join(", ")}`)
    }
    for (const [first = ""] of connections.byEngine(OWNERS)) {
      await openEngine(connections, first, urlOf(first).place)
    }
    const credentials = () => ({
      accessKeyId: settings.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: settings.AWS_SECRET_ACCESS_KEY ?? "",
      sessionToken: settings.AWS_SESSION_TOKEN,
    })
    const documents = await connectDocuments({
      sql: connections.sql,
      places,
      globalPrefix: settings.DIRACX_FACTORY_OS_GLOBAL_PREFIX,
      credentials,
      elapsed: () => epochMilliseconds(terminal.clock()),
      onProblem: (error) => (problem = error),
    })
    const outboxes = [...documents.outboxes.values()]
    const days = keptDays(settings)
    const telemetry = connectTelemetry(settings, credentials)
    const stores = [
      ...Array.from(documents.upkeep, ([name, upkeep]): Store => {
        const outbox = outboxes.find(({ databases }) => databases.includes(name))
        return { name, upkeep, outbox, keptDays: days[name] ?? 0 }
      }),
      ...telemetry.stores,
    ]
    return {
      stores: stores.filter(({ name }) => named === undefined || named.includes(name)),
      takeProblem() {
        const taken = problem
        problem = undefined
        return taken
      },
      async close() {
        await documents.close()
        await telemetry.close()
        await connections.close()
      },
    }
  } catch (cause) {
    await connections.close()
    if (cause instanceof SettingsError) throw new OperatorError(cause.lines.join("; "), { cause })
    throw cause
  }
}

/** Spans and log records, where they are kept in OpenSearch. */
function connectTelemetry(
  settings: Settings,
  credentials: () => AwsCredentials,
): { stores: Store[]; close: () => Promise<void> } {
  const cluster = telemetryCluster(settings)
  if (cluster === undefined) return { stores: [], close: async () => undefined }
  const connection = connectOs(cluster.client, { variable: cluster.variable, credentials })
  const stores = Object.entries(STREAMS).map(([name, signal]): Store => {
    const upkeep = new StreamUpkeep(connection, signal, settings.SPINOR_STAGE)
    return { name, upkeep, outbox: undefined, keptDays: settings.SPINOR_OTEL_RETENTION_DAYS }
  })
  return { stores, close: () => connection.close() }
}
