import { expect, it } from "vitest"
import { describeEachBackend } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { admin, alice, bob, serviceOn, type Caller } from "../../support/service.ts"

describeEachBackend("rescheduling", (backend) => {
  const database = useDatabase(backend)
  const service = () => serviceOn(database.sql)
  const submit = async (count = 1): Promise<number[]> => {
    const body = Array.from(
      { length: count },
      (_, i) => `JobName = "again${i}"; Site = "A.B.c"; Arguments = "%j";`,
    )
    const answer = await service().call("POST", "/api/jobs/jdl", { as: alice, body })
    return answer.body.map((job: { JobID: number }) => job.JobID)
  }
  const reschedule = (jobIds: number[], as: Caller = alice, query = "") =>
    service().call("POST", `/api/jobs/reschedule${query}`, { as, body: { job_ids: jobIds } })
  const jobOf = async (jobId: number) => {
    const search = [{ parameter: "JobID", operator: "eq", value: jobId }]
    return (await service().call("POST", "/api/jobs/search", { as: alice, body: { search } }))
      .body[0]
  }

  it("sends several jobs back at once and counts how often", async () => {
    const jobIds = await submit(3)
    for (const counter of [1, 2, 3]) {
      const answer = await reschedule(jobIds)
      expect(answer.status).toBe(200)
      for (const jobId of jobIds) {
        expect(answer.body.success[jobId]).toMatchObject({
          Status: "Received",
          MinorStatus: "Job Rescheduled",
          RescheduleCounter: counter,
          Site: "A.B.c",
        })
      }
    }
  })

  it("makes a job that was sent back too often Failed, unless the counter is reset", async () => {
    const [jobId = 0] = await submit()
    for (let i = 0; i < 3; i++) await reschedule([jobId])
    expect(await reschedule([jobId])).toMatchObject({
      status: 400,
      body: {
        detail: {
          success: {},
          failed: { [jobId]: { detail: "Maximum number of reschedules exceeded (3)" } },
        },
      },
    })
    expect(await jobOf(jobId)).toMatchObject({
      Status: "Failed",
      MinorStatus: "Maximum of reschedulings reached",
    })
    const reset = await reschedule([jobId], alice, "?reset_jobs=true")
    expect(reset.body.success[jobId]).toMatchObject({ Status: "Received", RescheduleCounter: 0 })
  })

  it("does what it says, also of a job whose log holds a time that is yet to come", async () => {
    const [jobId = 0] = await submit()
    const running = { Status: "Running", Source: "JobWrapper" }
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
    const body = { [jobId]: { [tomorrow]: running } }
    await service().call("PATCH", "/api/jobs/status?force=true", { as: admin, body })
    expect(await jobOf(jobId)).toMatchObject({ Status: "Running" })
    for (const RescheduleCounter of [1, 2, 3]) {
      const rescheduled = { Status: "Received", RescheduleCounter }
      expect((await reschedule([jobId])).body.success[jobId]).toMatchObject(rescheduled)
      expect(await jobOf(jobId)).toMatchObject(rescheduled)
    }
    expect((await reschedule([jobId])).status).toBe(400)
    expect(await jobOf(jobId)).toMatchObject({ Status: "Failed" })
  })

  it("tells which jobs it does not know, and reschedules the others", async () => {
    const [jobId = 0] = await submit()
    const answer = await reschedule([jobId, 999_999_999], admin)
    expect(answer).toMatchObject({
      status: 200,
      body: { failed: { 999999999: { detail: "Not found" } }, success: { [jobId]: {} } },
    })
    expect(await reschedule([999_999_999], admin)).toMatchObject({
      status: 400,
      body: { detail: { failed: { 999999999: { detail: "Not found" } }, success: {} } },
    })
  })

  it("is for the owner, pilots and administrators", async () => {
    const jobIds = await submit()
    expect((await reschedule(jobIds, bob)).status).toBe(403)
    expect((await reschedule(jobIds, admin)).status).toBe(200)
  })
})
