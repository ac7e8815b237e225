import { afterAll, beforeAll, beforeEach, describe, expect } from "vitest"
import type { Documents } from "@spinor/logic/documents/connect"
import { describeEachDialect, type Backend, type DialectBackend } from "./backends.ts"
import { useDatabase } from "./database.ts"
import { openDocuments, refresh } from "./document-stores.ts"
import { freshPrefix, openSearchRunsHere, openSearchUrl } from "./opensearch.ts"
import { admin, serviceOn, type Json } from "./service.ts"
import { storeJobs } from "./stored-jobs.ts"
import type { SenderOptions } from "@spinor/logic/documents/sender"
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts"

/** Longer than OpenSearch is left alone after it was away. */
export const A_WHILE = 60_000

/** Describes a suite of an OpenSearch that goes away, once for each dialect. */
export function describeOutage(title: string, suite: (backend: DialectBackend) => void): void {
  describe.skipIf(!openSearchRunsHere())("beside OpenSearch", () => {
    describeEachDialect(title, suite)
  })
}

/** A service for all tests of a suite whose OpenSearch goes away and comes back; each begins with it there. */
export function useOutage(backend: Backend, more: Pick<SenderOptions, "askForFlush"> = {}) {
  const database = useDatabase(backend)
  const { prefix, drop } = freshPrefix()
  const problems: unknown[] = []
  let milliseconds = 0
  let opened: { proxy: TcpProxy; documents: Documents } | undefined

  const now = () => {
    if (opened === undefined) throw new Error("OpenSearch is used outside of a test")
    return opened
  }
  const passes = (time: number) => (milliseconds += time)
  const goesAway = () => now().proxy.cut()
  const comesBack = async () => {
    await now().proxy.cut()
    await now().proxy.open()
    passes(A_WHILE)
  }
  const outbox = () => now().documents.outboxes.get("JobDB")
  const flush = () => outbox()?.flush()
  const service = () => serviceOn(database.sql, now().documents)

  beforeAll(async () => {
    const { hostname: host, port } = new URL(openSearchUrl())
    const proxy = await startTcpProxy({ host, port: Number(port) })
    const documents = await openDocuments(database.sql, {
      client: { hosts: `http://127.0.0.1:${proxy.port}`, timeout: 1 },
      prefix,
      elapsed: () => milliseconds,
      onProblem: (error) => problems.push(error),
      ...more,
    })
    opened = { proxy, documents }
  })
  afterAll(async () => {
    await opened?.documents.close()
    await opened?.proxy.cut()
    await drop()
  })
  beforeEach(async () => {
    await comesBack()
    await flush()
  })

  return {
    database,
    problems,
    passes,
    goesAway,
    comesBack,
    flush,
    service,
    /** It answers nothing any more, and keeps its connections. */
    freezes: () => now().proxy.freeze(),
    /** It is there again, which nobody has noticed yet. */
    opens: () => now().proxy.open(),
    documents: () => now().documents,
    flushRefused: () => outbox()?.flush({ refused: true }),
    backlog: async () => {
      const [first] = (await outbox()?.backlog()) ?? []
      return { documents: first?.documents ?? 0, refused: first?.refused ?? 0 }
    },
    newJob: async () => (await storeJobs(database.sql, [{}]))[0] ?? 0,
    /** Writes parameters of a job over HTTP; answers the status. */
    patch: async (jobId: number, parameters: object) => {
      const body = { [jobId]: parameters }
      return (await service().call("PATCH", "/api/jobs/metadata", { as: admin, body })).status
    },
    /** The parameters of a job, as a search finds them. */
    found: async (jobId: number): Promise<Json> => {
      await refresh(prefix)
      const search = [{ parameter: "JobID", operator: "eq", value: jobId }]
      const answer = await service().call("POST", "/api/jobs/parameters/search", {
        as: admin,
        body: { search },
      })
      expect(answer.status).toBe(200)
      return answer.body[0]
    },
    /** What an administrator of OpenSearch does to the index of a VO, past the proxy. */
    index: async (vo: string, method: string, path = "", body?: object): Promise<void> => {
      const url = `${openSearchUrl()}/${prefix}job_parameters_${vo}_0m${path}`
      const json = { body: JSON.stringify(body), headers: { "content-type": "application/json" } }
      await fetch(url, { method, ...(body && json) })
    },
  }
}
