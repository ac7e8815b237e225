import { afterAll, beforeAll, describe } from "vitest"
import { osClientOptions } from "@spinor/core/settings/os-client"
import { connectDocuments, type Documents } from "@spinor/logic/documents/connect"
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
  readonly documents: Documents
  service(): Service
  /** Makes what was written be found, for which OpenSearch takes a second. */
  settle(): Promise<void>
}

/** A service with stores of its own, for all tests of a suite. */
export function useDocuments(
  backend: DocumentBackend,
  url: () => string = openSearchUrl,
): TestDocuments {
  const database = useDatabase(backend === "opensearch" ? "sqlite" : backend)
  const prefix = backend === "opensearch" ? freshPrefix() : undefined
  let documents: Documents | undefined
  beforeAll(async () => {
    const client = prefix && osClientOptions.parse(JSON.stringify({ hosts: url() }))
    documents = await connectDocuments({
      sql: database.sql,
      places: {
        clusterOf: () => client && { variable: "DIRACX_OS_DB_JOBPARAMETERSDB", client },
        missing: [],
      },
      globalPrefix: prefix?.prefix ?? "",
      credentials: () => ({ accessKeyId: "", secretAccessKey: "", sessionToken: undefined }),
      onProblem: () => undefined,
    })
  })
  afterAll(async () => {
    await documents?.close()
    await prefix?.drop()
  })
  const now = () => {
    if (documents === undefined) throw new Error("The documents are used outside of a test")
    return documents
  }
  return {
    database,
    get documents() {
      return now()
    },
    service: () => serviceOn(database.sql, now()),
    async settle() {
      if (prefix !== undefined)
        await fetch(`${url()}/${prefix.prefix}*/_refresh`, { method: "POST" })
    },
  }
}
