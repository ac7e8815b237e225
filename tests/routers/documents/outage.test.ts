import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import { JobDB } from "@spinor/db/sql/job/job-db"
import type { Documents } from "@spinor/logic/documents/connect"
import { describeEachDialect } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { openDocuments, refresh } from "../../support/document-stores.ts"
import { freshPrefix, openSearchRunsHere, openSearchUrl } from "../../support/opensearch.ts"
import { admin, serviceOn, type Json } from "../../support/service.ts"
import { storeJobs } from "../../support/stored-jobs.ts"
import { startTcpProxy, type TcpProxy } from "../../support/tcp-proxy.ts"

/** Longer than OpenSearch is left alone after it was away. */
const A_WHILE = 60_000

describeEachDialect("while OpenSearch is away", (backend) => {
  if (!openSearchRunsHere()) return
  const database = useDatabase(backend)
  const { prefix, drop } = freshPrefix()
  let proxy: TcpProxy
  let documents: Documents
  let milliseconds = 0
  const problems: unknown[] = []

  beforeAll(async () => {
    const { hostname: host, port } = new URL(openSearchUrl())
    proxy = await startTcpProxy({ host, port: Number(port) })
    documents = await openDocuments(database.sql, {
      client: { hosts: `http://127.0.0.1:${proxy.port}`, timeout: 1 },
      prefix,
      elapsed: () => milliseconds,
      onProblem: (error) => problems.push(error),
    })
  })
  afterAll(async () => {
    await documents.close()
    await proxy.cut()
    await drop()
  })
  beforeEach(async () => {
    await comesBack()
    await flush()
  })

  const service = () => serviceOn(database.sql, documents)
  const goesAway = () => proxy.cut()
  const comesBack = async () => {
    await proxy.cut()
    await proxy.open()
    milliseconds += A_WHILE
  }
  const flush = () => documents.outboxes.get("JobDB")?.flush()
  const backlog = async () => {
    const [first] = (await documents.outboxes.get("JobDB")?.backlog()) ?? []
    return { documents: first?.documents ?? 0, refused: first?.refused ?? 0 }
  }
  const newJob = async () => (await storeJobs(database.sql, [{}]))[0] ?? 0
  const patch = async (jobId: number, parameters: object) =>
    (
      await service().call("PATCH", "/api/jobs/metadata", {
        as: admin,
        body: { [jobId]: parameters },
      })
    ).status
  const found = async (jobId: number): Promise<Json> => {
    await refresh(prefix)
    const search = [{ parameter: "JobID", operator: "eq", value: jobId }]
    const answer = await service().call("POST", "/api/jobs/parameters/search", {
      as: admin,
      body: { search },
    })
    expect(answer.status).toBe(200)
    return answer.body[0]
  }

  it("what is written is kept, and sent with a later call", async () => {
    const [early, late] = [await newJob(), await newJob()]
    await goesAway()
    expect(await patch(early, { GridCE: "ce1" })).toBe(204)
    expect(await backlog()).toEqual({ documents: 1, refused: 0 })
    await comesBack()
    expect(await patch(late, { GridCE: "ce2" })).toBe(204)
    expect(await backlog()).toEqual({ documents: 0, refused: 0 })
    expect(await found(early)).toMatchObject({ GridCE: "ce1" })
    expect(await found(late)).toMatchObject({ GridCE: "ce2" })
  })

  it("a search says that it is away, without a secret or an address", async () => {
    await goesAway()
    const answer = await service().call("POST", "/api/jobs/parameters/search", { as: admin })
    expect(answer.status).toBe(503)
    expect(answer.headers.get("retry-after")).toBe("10")
    expect(answer.body).toEqual({ detail: "OpenSearch is away" })
  })

  it("heartbeats are answered, with the commands that wait", async () => {
    const jobId = await newJob()
    await database.sql.write({ jobs: JobDB }, ({ jobs }) =>
      jobs.commandKill([jobId], "2026-11-21T10:00:00.000000Z" as never),
    )
    await goesAway()
    const beat = { [jobId]: { StandardOutput: "last words" } }
    const answer = await service().call("PATCH", "/api/jobs/heartbeat", { as: admin, body: beat })
    expect(answer).toMatchObject({ status: 200, body: [{ job_id: jobId, command: "Kill" }] })
    await comesBack()
    await flush()
    expect(await found(jobId)).toMatchObject({ StandardOutput: "last words" })
  })

  it("it is not waited for again by the next calls", async () => {
    const jobId = await newJob()
    proxy.freeze()
    const before = problems.length
    for (let call = 0; call < 4; call++) expect(await patch(jobId, { Call: call })).toBe(204)
    expect(problems).toHaveLength(before + 1)
    expect(await backlog()).toEqual({ documents: 4, refused: 0 })
    await comesBack()
    await flush()
    expect(await found(jobId)).toMatchObject({ Call: 3 })
  })

  it("later documents of a job queue behind those that wait, those of other jobs do not", async () => {
    const [waiting, other] = [await newJob(), await newJob()]
    await goesAway()
    await patch(waiting, { a: 1, b: 1, nested: { x: 1, y: 1 } })
    await proxy.open()
    milliseconds += 5001
    // The call that finds it back sends what waits, too: here it is made to come first.
    await database.sql.write({ jobs: JobDB }, async ({ jobs }) => {
      const late = { id: String(waiting), number: waiting, vo: "testvo" }
      const document = { JobID: waiting, timestamp: Date.now() + 1, b: 2, nested: { y: 2 } }
      await documents.jobParameters.write(jobs, [{ ...late, document }], NOW)
      const unhurried = {
        id: String(other),
        number: other,
        vo: "testvo",
        document: { JobID: other },
      }
      await documents.jobParameters.write(jobs, [unhurried], NOW)
    })
    expect(await backlog()).toEqual({ documents: 2, refused: 0 })
    expect(await found(other)).toEqual({ JobID: other })
    await flush()
    expect(await found(waiting)).toMatchObject({ a: 1, b: 2, nested: { x: 1, y: 2 } })
  })

  it("what somebody else writes meanwhile is not overwritten by what waited", async () => {
    const jobId = await newJob()
    await patch(jobId, { a: "first", nested: { x: 1 } })
    await goesAway()
    await patch(jobId, { a: "waited", b: "waited", nested: { x: 2, y: 2 } })
    const newer = { a: "newer", timestamp: "2100-01-01T00:00:00Z" }
    await openSearch("POST", `/${prefix}job_parameters_testvo_0m/_update/${jobId}`, { doc: newer })
    await comesBack()
    await flush()
    expect(await found(jobId)).toMatchObject({
      a: "newer",
      b: "waited",
      nested: { x: 1, y: 2 },
      timestamp: "2100-01-01T00:00:00Z",
    })
  })

  it("what waits for one index holds up no other one", async () => {
    const blocked = Array.from({ length: 501 }, () => ({ vo: "blocked" }))
    const [first = 0, ...others] = await storeJobs(database.sql, blocked)
    const free = await newJob()
    await patch(first, { a: 1 })
    const settings = `/${prefix}job_parameters_blocked_0m/_settings`
    await openSearch("PUT", settings, { "index.blocks.write": true })
    await goesAway()
    const body = Object.fromEntries(others.map((jobId) => [jobId, { a: 1 }]))
    await service().call("PATCH", "/api/jobs/metadata", { as: admin, body })
    expect(await patch(free, { a: 1 })).toBe(204)
    await comesBack()
    await documents.outbox.sendSome()
    milliseconds += A_WHILE
    await documents.outbox.sendSome()
    expect(await backlog()).toEqual({ documents: 500, refused: 0 })
    await openSearch("PUT", settings, { "index.blocks.write": null })
    await flush()
    expect(await backlog()).toEqual({ documents: 0, refused: 0 })
  })

  it("what is for an index that is closed waits until it is opened", async () => {
    const [jobId = 0] = await storeJobs(database.sql, [{ vo: "closed" }])
    await patch(jobId, { a: 1 })
    await openSearch("POST", `/${prefix}job_parameters_closed_0m/_close`)
    expect(await patch(jobId, { a: 2 })).toBe(204)
    expect(await backlog()).toEqual({ documents: 1, refused: 0 })
    await openSearch("POST", `/${prefix}job_parameters_closed_0m/_open?wait_for_active_shards=1`)
    expect(await flush()).toMatchObject({ sent: 1 })
  })

  it("nothing waits that no index could hold, which would hold up all others", async () => {
    const [bad = 0, good = 0] = await storeJobs(database.sql, [{ vo: "a b" }, {}])
    await goesAway()
    expect(await patch(good, { a: 1 })).toBe(204)
    expect(await patch(bad, { a: 1 })).toBe(400)
    await comesBack()
    expect(await flush()).toMatchObject({ sent: 1 })
  })

  it("long documents wait, and are sent a few at a time", async () => {
    const jobIds = await storeJobs(
      database.sql,
      Array.from({ length: 7 }, () => ({})),
    )
    await goesAway()
    for (const jobId of jobIds) {
      expect(await patch(jobId, { StandardOutput: "x".repeat(900_000) })).toBe(204)
    }
    await comesBack()
    expect(await flush()).toMatchObject({ sent: 5, goesOn: true })
    expect(await flush()).toMatchObject({ sent: 2 })
    expect(await flush()).toMatchObject({ sent: 0, goesOn: false })
  })

  it.each(["2026-01-01T00:00:00Z", "2026-01-01T00:00:00", "2026-01-01", "1700000000000"])(
    "what waits is laid over what somebody else wrote at %s",
    async (timestamp) => {
      const jobId = await newJob()
      const stored = { JobID: jobId, timestamp, a: "stored" }
      await openSearch("PUT", `/${prefix}job_parameters_testvo_0m/_doc/${jobId}`, stored)
      await goesAway()
      await patch(jobId, { a: "waited" })
      await comesBack()
      expect(await flush()).toMatchObject({ sent: 1, refused: 0 })
      expect(await found(jobId)).toMatchObject({ a: "waited" })
    },
  )

  it("nothing is lost between several who flush and write at once", async () => {
    const jobIds = await storeJobs(
      database.sql,
      Array.from({ length: 20 }, () => ({})),
    )
    await goesAway()
    for (const jobId of jobIds) await patch(jobId, { first: jobId })
    await comesBack()
    await Promise.all([
      ...jobIds.map((jobId) => patch(jobId, { second: jobId })),
      flush(),
      flush(),
      flush(),
    ])
    await flush()
    for (const jobId of jobIds) {
      expect(await found(jobId)).toMatchObject({ first: jobId, second: jobId })
    }
  })

  it("a document that it will never take is kept with the reason, and holds nobody up", async () => {
    // As DiracX makes its indices: the first value decides the type of a field.
    const [first, bad] = [await newJob(), await newJob()]
    await dropIndex()
    await openSearch("PUT", `/${prefix}job_parameters_testvo_0m`, { mappings: { dynamic: true } })
    await patch(first, { Mine: 5 })
    await goesAway()
    await patch(bad, { Mine: "text" })
    await patch(first, { Mine: 6 })
    await comesBack()
    expect(await flush()).toMatchObject({ sent: 1, refused: 1 })
    expect(await backlog()).toEqual({ documents: 1, refused: 1 })
    expect(await patch(bad, { GridCE: "passes" })).toBe(204)
    expect(await found(bad)).toMatchObject({ GridCE: "passes" })
    await dropIndex()
    await documents.outboxes.get("JobDB")?.flush({ refused: true })
    expect(await backlog()).toEqual({ documents: 0, refused: 0 })
    expect(await found(bad)).toMatchObject({ Mine: "text" })
  })

  it("is over, a document that it will never take is refused, and nothing of the call changes", async () => {
    const [first, bad] = [await newJob(), await newJob()]
    await dropIndex()
    await openSearch("PUT", `/${prefix}job_parameters_testvo_0m`, { mappings: { dynamic: true } })
    await patch(first, { Mine: 5 })
    const body = { [first]: { Site: "LCG.New.org" }, [bad]: { Mine: "text" } }
    const answer = await service().call("PATCH", "/api/jobs/metadata", { as: admin, body })
    expect(answer).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(`^Some documents cannot be stored: JobID ${bad}: `) },
    })
    const jobs = await service().call("POST", "/api/jobs/search", {
      as: admin,
      body: { search: [{ parameter: "Site", operator: "eq", value: "LCG.New.org" }] },
    })
    expect(jobs.body).toEqual([])
    await dropIndex()
  })

  const dropIndex = () => openSearch("DELETE", `/${prefix}job_parameters_testvo_0m`)
})

const NOW = "2026-11-21T10:00:00.000000Z" as never

async function openSearch(method: string, path: string, body?: object): Promise<void> {
  const init = body && {
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  }
  await fetch(`${openSearchUrl()}${path}`, { method, ...init })
}
