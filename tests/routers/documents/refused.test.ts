import { expect, it } from "vitest"
import { A_WHILE, useOutage, describeOutage } from "../../support/outage.ts"
import { admin } from "../../support/service.ts"
import { storeJobs } from "../../support/stored-jobs.ts"

describeOutage("what OpenSearch does not take", (backend) => {
  const outage = useOutage(backend)
  const { database, goesAway, comesBack, flush, service, backlog, newJob, patch, found, index } =
    outage
  const dropIndex = () => index("testvo", "DELETE")

  it("what waits for one index holds up no other one", async () => {
    const blocked = Array.from({ length: 501 }, () => ({ vo: "blocked" }))
    const [first = 0, ...others] = await storeJobs(database.sql, blocked)
    const free = await newJob()
    await patch(first, { a: 1 })
    await index("blocked", "PUT", "/_settings", { "index.blocks.write": true })
    await goesAway()
    const body = Object.fromEntries(others.map((jobId) => [jobId, { a: 1 }]))
    await service().call("PATCH", "/api/jobs/metadata", { as: admin, body })
    expect(await patch(free, { a: 1 })).toBe(204)
    await comesBack()
    await outage.documents().outbox.sendSome(outage.database.sql)
    outage.passes(A_WHILE)
    await outage.documents().outbox.sendSome(outage.database.sql)
    expect(await backlog()).toEqual({ documents: 500, refused: 0 })
    await index("blocked", "PUT", "/_settings", { "index.blocks.write": null })
    await flush()
    expect(await backlog()).toEqual({ documents: 0, refused: 0 })
  })

  it("what is for an index that is closed waits until it is opened", async () => {
    const [jobId = 0] = await storeJobs(database.sql, [{ vo: "closed" }])
    await patch(jobId, { a: 1 })
    await index("closed", "POST", "/_close")
    expect(await patch(jobId, { a: 2 })).toBe(204)
    expect(await backlog()).toEqual({ documents: 1, refused: 0 })
    await index("closed", "POST", "/_open?wait_for_active_shards=1")
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

  it("a document that it will never take is kept with the reason, and holds nobody up", async () => {
    // As DiracX makes its indices: the first value decides the type of a field.
    const [first, bad] = [await newJob(), await newJob()]
    await dropIndex()
    await index("testvo", "PUT", "", { mappings: { dynamic: true } })
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
    await outage.flushRefused()
    expect(await backlog()).toEqual({ documents: 0, refused: 0 })
    expect(await found(bad)).toMatchObject({ Mine: "text" })
  })

  it("is over, a document that it will never take is refused, and nothing of the call changes", async () => {
    const [first, bad] = [await newJob(), await newJob()]
    await dropIndex()
    await index("testvo", "PUT", "", { mappings: { dynamic: true } })
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
})
