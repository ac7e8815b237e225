import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { instant } from "@spinor/core/instant"
import type { Documents } from "@spinor/logic/documents/connect"
import { describeEachBackend, describeEachDialect } from "../support/backends.ts"
import { useDatabase, type TestDatabase } from "../support/database.ts"
import { openDocuments, refresh } from "../support/document-stores.ts"
import { freshPrefix, openSearchRunsHere, openSearchUrl } from "../support/opensearch.ts"
import { admin, alice, serviceOn, type Caller } from "../support/service.ts"
import { startSigv4Proxy, type Sigv4Proxy } from "../support/stand-ins/sigv4-proxy.ts"
import { storeJobs, storePilot } from "../support/stored-jobs.ts"

const SIZES = [1, 100, 1000]

/** What a transaction and a session need beside the statements of the work. */
const FRAME = /^(begin|start transaction|commit|rollback|set |pragma )/i

/** A database that notes the statements of a call. */
function useCounted(backend: Parameters<typeof useDatabase>[0]) {
  const statements: string[] = []
  const database = useDatabase(backend, {
    onStatement: (sql) => void (FRAME.test(sql) || statements.push(sql)),
  })
  return { database, statements }
}

const newJobs = (database: TestDatabase, n: number) =>
  storeJobs(
    database.sql,
    Array.from({ length: n }, () => ({})),
  )

let stamps = 0
async function newPilots(database: TestDatabase, n: number): Promise<string[]> {
  const names = Array.from({ length: Math.min(n, 100) }, () => `stamp-${stamps++}`)
  for (const name of names) {
    await storePilot(database.sql, name, [1], instant("2026-01-01T00:00:00Z"))
  }
  return names
}

describeEachBackend("the number of statements for documents", (backend) => {
  const { database, statements } = useCounted(backend)
  const count = async (as: Caller, method: string, path: string, body: unknown, status: number) => {
    statements.length = 0
    const answer = await serviceOn(database.sql).call(method, path, { as, body })
    expect(answer.status, JSON.stringify(answer.body).slice(0, 500)).toBe(status)
    return statements.length
  }

  it("of pilots' parameters does not grow with the pilots", async () => {
    for (const n of SIZES) {
      const pilots = await newPilots(database, n)
      const body = Object.fromEntries(pilots.map((stamp) => [stamp, { HostName: stamp }]))
      // Who may, the lock, the documents.
      expect(await count(admin, "PATCH", "/api/pilots/parameters", body, 204)).toBe(3)
    }
  })

  it("of a pilot's log does not grow with the lines", async () => {
    for (const n of [1, 100, 10_000]) {
      const [stamp = ""] = await newPilots(database, 1)
      const time = "2026-11-21T10:00:00Z"
      const lines = Array.from({ length: n }, (_, sequence) => ({ sequence, time, text: "x" }))
      expect(await count(admin, "POST", "/api/pilots/logs", { [stamp]: lines }, 204)).toBe(3)
    }
  })

  it("of a search is one, and one that counts what the page does not tell", async () => {
    const ids = await newJobs(database, 20)
    const written = Object.fromEntries(ids.map((jobId) => [jobId, { GridCE: "ce" }]))
    await count(admin, "PATCH", "/api/jobs/metadata", written, 204)
    const search = [{ parameter: "JobID", operator: "in", values: ids }]
    const searching = (query: string, status: number, body: object = { search }) =>
      count(alice, "POST", `/api/jobs/parameters/search?${query}`, body, status)
    expect(await searching("", 200)).toBe(1)
    expect(await searching("per_page=5", 206)).toBe(2)
    expect(await searching("", 400, { search: [{ ...search[0], parameter: "None" }] })).toBe(0)
  })
})

describeEachDialect("with documents in OpenSearch", (backend) => {
  describe.skipIf(!openSearchRunsHere())("the number of requests and statements", () => {
    const { database, statements } = useCounted(backend)
    const { prefix, drop } = freshPrefix()
    const identity = { accessKeyId: "a", secretAccessKey: "b", sessionToken: "c" }
    const signing = { region: "eu-central-1", service: "es" } as const
    let proxy: Sigv4Proxy
    let documents: Documents
    beforeAll(async () => {
      proxy = await startSigv4Proxy(openSearchUrl(), { ...identity, ...signing })
      documents = await openDocuments(database.sql, {
        client: { hosts: proxy.url, aws: signing },
        prefix,
        credentials: () => identity,
        // The outbox is looked at with the first call, and then no more.
        elapsed: () => 10_000,
      })
      const [jobId = 0] = await newJobs(database, 1)
      await patch("/api/jobs/metadata", { [jobId]: { GridCE: "ce" } }, 204)
      const [stamp = ""] = await newPilots(database, 1)
      await patch("/api/pilots/parameters", { [stamp]: { GridCE: "ce" } }, 204)
      await addLines(1)
    })
    afterAll(async () => {
      await documents.close()
      proxy.close()
      await drop()
    })

    const call = async (method: string, path: string, body: unknown, status: number) => {
      statements.length = 0
      proxy.requests.length = 0
      const answer = await serviceOn(database.sql, documents).call(method, path, {
        as: admin,
        body,
      })
      expect(answer.status, JSON.stringify(answer.body).slice(0, 500)).toBe(status)
      return { statements: statements.length, requests: [...proxy.requests] }
    }
    const patch = (path: string, body: unknown, status: number) => call("PATCH", path, body, status)
    const addLines = async (n: number) => {
      const [stamp = ""] = await newPilots(database, 1)
      const time = "2026-11-21T10:00:00Z"
      const lines = Array.from({ length: n }, (_, sequence) => ({ sequence, time, text: "x" }))
      return await call("POST", "/api/pilots/logs", { [stamp]: lines }, 204)
    }

    it("of heartbeats and metadata does not grow with the jobs: one bulk", async () => {
      for (const n of SIZES) {
        const ids = await newJobs(database, n)
        const each = (value: object) => Object.fromEntries(ids.map((jobId) => [jobId, value]))
        expect(await patch("/api/jobs/heartbeat", each({ StandardOutput: "x" }), 200)).toEqual({
          // Lock, times, commands, and whether documents wait.
          statements: 4,
          requests: ["POST /_bulk"],
        })
        expect(await patch("/api/jobs/metadata", each({ Own: 1 }), 204)).toEqual({
          statements: 2,
          requests: ["POST /_bulk"],
        })
      }
    })

    it("of what changes no document is none", async () => {
      const [jobId = 0] = await newJobs(database, 1)
      const beat = await patch("/api/jobs/heartbeat", { [jobId]: { CPUConsumed: 1 } }, 200)
      expect(beat.requests).toEqual([])
    })

    it("of what is refused is none", async () => {
      const [jobId = 0] = await newJobs(database, 1)
      const body = { [jobId]: { Own: 1 }, 99_999_999: { Own: 1 } }
      expect((await patch("/api/jobs/metadata", body, 404)).requests).toEqual([])
    })

    it("of pilots' parameters and logs does not grow with them: one bulk", async () => {
      for (const n of SIZES) {
        const pilots = await newPilots(database, n)
        const body = Object.fromEntries(pilots.map((stamp) => [stamp, { HostName: stamp }]))
        const counted = { statements: 3, requests: ["POST /_bulk"] }
        expect(await patch("/api/pilots/parameters", body, 204)).toEqual(counted)
        expect(await addLines(n * 10)).toEqual({ ...counted, statements: 2 })
      }
    })

    it("of a search is one", async () => {
      await refresh(prefix)
      const path = "/api/jobs/parameters/search?per_page=1"
      const { requests } = await call("POST", path, {}, 206)
      expect(requests).toEqual([`POST /${prefix}job_parameters_*m/_search`])
    })
  })
})
