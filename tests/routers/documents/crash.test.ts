import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Documents } from "@spinor/logic/documents/connect"
import { useDatabase } from "../../support/database.ts"
import { openDocuments } from "../../support/document-stores.ts"
import {
  openSearchRunsHere,
  startOwnOpenSearch,
  type OwnOpenSearch,
} from "../../support/opensearch.ts"
import { admin, serviceOn, type Json } from "../../support/service.ts"
import { storeJobs } from "../../support/stored-jobs.ts"

const WRITERS = 4
const WRITES = 150

describe.skipIf(!openSearchRunsHere())("when OpenSearch crashes and comes back", () => {
  const database = useDatabase("sqlite")
  let node: OwnOpenSearch
  let documents: Documents
  beforeAll(async () => {
    node = await startOwnOpenSearch()
    documents = await openDocuments(database.sql, {
      client: { hosts: node.url, timeout: 2 },
      prefix: "",
      // It is tried again after a quarter of a second.
      elapsed: () => performance.now() * 20,
    })
  })
  afterAll(async () => {
    await documents.close()
    await node.stop()
  })

  it("every write that was answered is there, and no restart of ours was needed", async () => {
    const service = serviceOn(database.sql, documents)
    const jobIds = await storeJobs(
      database.sql,
      Array.from({ length: WRITERS }, () => ({})),
    )
    let written = 0
    const writer = async (jobId: number) => {
      for (let value = 1; value <= WRITES; value++) {
        const body = { [jobId]: { Last: value, [`value${value}`]: value } }
        const { status } = await service.call("PATCH", "/api/jobs/metadata", { as: admin, body })
        expect(status).toBe(204)
        written++
        if (written === (WRITERS * WRITES) / 4) await node.kill()
        if (written === (WRITERS * WRITES) / 2) await node.restart()
      }
    }
    await Promise.all(jobIds.map(writer))
    const outbox = documents.outboxes.get("JobDB")
    // It may have been found away a moment ago.
    for (const end = Date.now() + 30_000; Date.now() < end && (await outbox?.backlog())?.length;) {
      await outbox?.flush()
    }
    expect(await outbox?.backlog()).toEqual([])

    await fetch(`${node.url}/_refresh`, { method: "POST" })
    const path = "/api/jobs/parameters/search"
    const { body } = await service.call("POST", path, { as: admin, body: {} })
    expect(body).toHaveLength(WRITERS)
    const values = Array.from({ length: WRITES }, (_, i) => [`value${i + 1}`, i + 1])
    for (const { JobID, timestamp, ...fields } of body as Json[]) {
      expect(jobIds).toContain(JobID)
      expect(fields).toEqual({ Last: WRITES, ...Object.fromEntries(values) })
      expect(Date.parse(timestamp)).toBeGreaterThan(0)
    }
  }, 120_000)
})
