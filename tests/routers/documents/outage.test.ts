import { expect, it } from "vitest"
import { JobDB } from "@spinor/db/sql/job/job-db"
import { useOutage, describeOutage } from "../../support/outage.ts"
import { admin } from "../../support/service.ts"
import { storeJobs } from "../../support/stored-jobs.ts"

describeOutage("while OpenSearch is away", (backend) => {
  const outage = useOutage(backend)
  const {
    database,
    problems,
    goesAway,
    comesBack,
    flush,
    service,
    backlog,
    newJob,
    patch,
    found,
    index,
  } = outage

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
    outage.freezes()
    const before = problems.length
    for (let call = 0; call < 4; call++) expect(await patch(jobId, { Call: call })).toBe(204)
    expect(problems).toHaveLength(before + 1)
    expect(await backlog()).toEqual({ documents: 4, refused: 0 })
    await comesBack()
    await flush()
    expect(await found(jobId)).toMatchObject({ Call: 3 })
  })

  it("it is tried again after the clock was set back", async () => {
    const jobId = await newJob()
    await goesAway()
    await patch(jobId, { a: 1 })
    await outage.opens()
    outage.passes(-3_600_000)
    await patch(jobId, { b: 2 })
    expect(await backlog()).toEqual({ documents: 0, refused: 0 })
    expect(await found(jobId)).toMatchObject({ a: 1, b: 2 })
  })

  it("later documents of a job queue behind those that wait, those of other jobs do not", async () => {
    const [waiting, other] = [await newJob(), await newJob()]
    await goesAway()
    await patch(waiting, { a: 1, b: 1, nested: { x: 1, y: 1 } })
    await outage.opens()
    outage.passes(5001)
    // The call that finds it back sends what waits, too: here it is made to come first.
    await database.sql.write({ jobs: JobDB }, async ({ jobs }) => {
      const late = { id: String(waiting), number: waiting, vo: "testvo" }
      const document = { JobID: waiting, timestamp: Date.now() + 1, b: 2, nested: { y: 2 } }
      await outage.documents().jobParameters.write(jobs, [{ ...late, document }], NOW)
      const unhurried = {
        id: String(other),
        number: other,
        vo: "testvo",
        document: { JobID: other },
      }
      await outage.documents().jobParameters.write(jobs, [unhurried], NOW)
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
    await index("testvo", "POST", `/_update/${jobId}`, { doc: newer })
    await comesBack()
    await flush()
    expect(await found(jobId)).toMatchObject({
      a: "newer",
      b: "waited",
      nested: { x: 1, y: 2 },
      timestamp: "2100-01-01T00:00:00Z",
    })
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
      await index("testvo", "PUT", `/_doc/${jobId}`, stored)
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
})

const NOW = "2026-11-21T10:00:00.000000Z" as never
