import { afterAll, beforeAll, describe } from "vitest"
import { osClientOptions } from "@spinor/core/settings/os-client"
import { connectDocuments, type Documents } from "@spinor/logic/documents/connect"
import type { AwsCredentials } from "@spinor/db/os/aws-credentials"
import type { SqlDatabases } from "@spinor/db/sql/unit-of-work"
import type { Deps } from "@spinor/routers/deps"
import { BACKENDS, runsHere, type Backend } from "./backends.ts"
import { useDatabase, type TestDatabase } from "./database.ts"
import { freshPrefix, openSearchRunsHere, openSearchUrl } from "./opensearch.ts"
import { serviceOn, type Service } from "./service.ts"

/** Where documents are kept: in a SQL database, or in OpenSearch beside SQLite. */
export type DocumentBackend = Backend | "opensearch"

/** Describes one suite for every store of documents: what it shows of one, it shows of all. */
export function describeEachDocumentStore(
  title: string,
  suite: (backend: DocumentBackend) => void,
): void {
  for (const backend of BACKENDS) {
    describe.skipIf(!runsHere(backend))(`${title} on ${backend}`, () => suite(backend))
  }
  describe.skipIf(!openSearchRunsHere())(`${title} on opensearch`, () => suite("opensearch"))
}

export interface TestDocuments {
  readonly database: TestDatabase
  service(more?: Partial<Deps>): Service
  /** Makes what was written be found, for which OpenSearch takes a second. */
  settle(): Promise<void>
}

export interface OpenSearchOptions {
  /** The options of the client, as an operator writes them. */
  readonly client: object
  readonly prefix: string
  readonly elapsed?: () => number
  readonly onProblem?: (error: unknown) => void
  readonly credentials?: () => AwsCredentials
  readonly askForFlush?: (() => Promise<void>) | undefined
}

/** Stores of documents in OpenSearch, or in SQL. */
export async function openDocuments(
  sql: SqlDatabases,
  options?: OpenSearchOptions,
): Promise<Documents> {
  const client = options && osClientOptions.parse(JSON.stringify(options.client))
  return await connectDocuments({
    sql,
    places: {
      clusterOf: () => client && { variable: "DIRACX_OS_DB_JOBPARAMETERSDB", client },
      missing: [],
    },
    globalPrefix: options?.prefix ?? "",
    credentials: () => ({ accessKeyId: "", secretAccessKey: "", sessionToken: undefined }),
    elapsed: () => performance.now(),
    onProblem: () => undefined,
    ...options,
  })
}

/** Makes what was written be found, for which OpenSearch takes a second. */
export async function refresh(prefix: string): Promise<void> {
  await fetch(`${openSearchUrl()}/${prefix}*/_refresh`, { method: "POST" })
}

/** A service with stores of its own, for all tests of a suite. */
export function useDocuments(backend: DocumentBackend): TestDocuments {
  const database = useDatabase(backend === "opensearch" ? "sqlite" : backend)
  const fresh = backend === "opensearch" ? freshPrefix() : undefined
  let documents: Documents | undefined
  beforeAll(async () => {
    const options = fresh && { client: { hosts: openSearchUrl() }, prefix: fresh.prefix }
    documents = await openDocuments(database.sql, options)
  })
  afterAll(async () => {
    await documents?.close()
    await fresh?.drop()
  })
  return {
    database,
    service: (more) => serviceOn(database.sql, { ...documents, ...more }),
    settle: async () => await (fresh && refresh(fresh.prefix)),
  }
}
