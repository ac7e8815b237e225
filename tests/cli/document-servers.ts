import { afterAll, describe } from "vitest"
import { useDatabase, type TestDatabase } from "../support/database.ts"
import { freshPrefix, openSearchRunsHere, openSearchUrl } from "../support/opensearch.ts"
import { useServer } from "./cli.ts"

export interface DocumentServer {
  readonly url: string
  readonly database: TestDatabase
  /** Sends a request that is to succeed, and makes what it wrote be found. */
  write(token: string, method: string, path: string, body: unknown): Promise<void>
}

/** Describes one suite for a server with its documents in SQLite, and for one with them in OpenSearch. */
export function describeEachDocumentServer(
  title: string,
  suite: (server: DocumentServer) => void,
): void {
  describe(`${title} on sqlite`, () => suite(useDocumentServer(undefined)))
  describe.skipIf(!openSearchRunsHere())(`${title} on opensearch`, () => {
    const { prefix, drop } = freshPrefix()
    afterAll(drop)
    suite(useDocumentServer(prefix))
  })
}

function useDocumentServer(prefix: string | undefined): DocumentServer {
  const database = useDatabase("sqlite")
  const server = useServer(() => ({
    SPINOR_DB_URL: database.url,
    ...(prefix !== undefined && {
      DIRACX_FACTORY_OS_GLOBAL_PREFIX: prefix,
      DIRACX_OS_DB_JOBPARAMETERSDB: JSON.stringify({ hosts: openSearchUrl() }),
    }),
  }))
  return {
    database,
    get url() {
      return server.url
    },
    async write(token, method, path, body) {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" }
      const request = { method, headers, body: JSON.stringify(body) }
      const answer = await fetch(`${server.url}${path}`, request)
      if (!answer.ok) throw new Error(`${method} ${path} is answered ${answer.status}`)
      if (prefix !== undefined) {
        await fetch(`${openSearchUrl()}/${prefix}*/_refresh`, { method: "POST" })
      }
    },
  }
}
