import { asc, eq } from "drizzle-orm"
import { expect, it } from "vitest"
import { JobDB } from "@spinor/db/sql/job/job-db"
import { describeEachBackend } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { admin, alice, bob, pilot, serviceOn, type Caller } from "../../support/service.ts"

class JobsOfTests extends JobDB {
  async figuresOf(jobId: number): Promise<[name: string, value: string][]> {
    const { heartBeatLoggingInfo: beats } = this.tables
    const rows = await this.db
      .select({ name: beats.name, value: beats.value })
      .from(beats)
      .where(eq(beats.jobId, jobId))
      .orderBy(asc(beats.name), asc(beats.heartBeatTime))
    return rows.map(({ name, value }) => [name, value])
  }
}

describeEachBackend("heartbeats", (backend) => {
  const database = useDatabase(backend)
  const service = () => serviceOn(database.sql)
  const now = (seconds = 0) => new Date(Date.now() + seconds * 1000).toISOString()

  const submit = async (count = 1): Promise<number[]> => {
    const body = Array.from({ length: count }, () => 'JobName = "beating"')
    const answer = await service().call("POST", "/api/jobs/jdl", { as: alice, body })
    return answer.body.map((job: { JobID: number }) => job.JobID)
  }
  const beat = (body: unknown, as: Caller = alice) =>
    service().call("PATCH", "/api/jobs/heartbeat", { as, body })
  const setStatus = (jobId: number, Status: string) =>
    service().call("PATCH", "/api/jobs/status?force=true", {
      as: admin,
      body: { [jobId]: { [now()]: { Status, Source: "test" } } },
    })
  const jobOf = async (jobId: number, parameters?: string[]) => {
    const search = [{ parameter: "JobID", operator: "eq", value: jobId }]
    const answer = await service().call("POST", "/api/jobs/search", {
      as: alice,
      body: { search, parameters },
    })
    return answer.body[0]
  }
  const figuresOf = (jobId: number) =>
    database.sql.read({ jobs: JobsOfTests }, ({ jobs }) => jobs.figuresOf(jobId))
  const parametersOf = async (jobId: number) => {
    const search = [{ parameter: "JobID", operator: "eq", value: jobId }]
    const path = "/api/jobs/parameters/search"
    const found = await service().call("POST", path, { as: admin, body: { search } })
    return found.body[0]
  }

  it("bring no command of a run that is over to a job that was rescheduled", async () => {
    const [jobId = 0] = await submit()
    await setStatus(jobId, "Killed")
    const body = { job_ids: [jobId] }
    const answer = await service().call("POST", "/api/jobs/reschedule", { as: alice, body })
    expect(answer.status).toBe(200)
    expect((await beat({ [jobId]: {} })).body).toEqual([])
  })

  it("keep figures of what a job uses, and its output as a parameter", async () => {
    const [jobId = 0] = await submit()
    const body = { LoadAverage: 1.5, Vsize: 200, CPUConsumed: 0, StandardOutput: "hello" }
    expect(await beat({ [jobId]: body })).toMatchObject({ status: 200, body: [] })
    expect(await figuresOf(jobId)).toEqual([
      ["CPUConsumed", "0.0"],
      ["LoadAverage", "1.5"],
      ["Vsize", "200.0"],
    ])
    expect(await parametersOf(jobId)).toEqual({
      JobID: jobId,
      StandardOutput: "hello",
      timestamp: expect.stringMatching(/^2\d{3}-.*Z$/),
    })
    expect((await jobOf(jobId)).HeartBeatTime).not.toBeNull()
  })

  it("of one job in one second do not collide: the last one wins", async () => {
    const [jobId = 0] = await submit()
    const answers = await Promise.all(
      [1, 2, 3, 4].map((value) => beat({ [jobId]: { CPUConsumed: value } })),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect((await figuresOf(jobId)).length).toBeGreaterThanOrEqual(1)
  })

  it.each(["Matched", "Stalled"])("bring a job to life that was %s", async (before) => {
    const [jobId = 0] = await submit()
    await setStatus(jobId, before)
    await beat({ [jobId]: {} }, pilot)
    const job = await jobOf(jobId, ["Status", "HeartBeatTime", "LoggingInfo"])
    expect(job.Status).toBe("Running")
    expect(job.HeartBeatTime).not.toBeNull()
    expect(job.LoggingInfo.at(-1)).toMatchObject({ Status: "Running", Source: "Heartbeat" })
  })

  it("leave the status of other jobs as it is", async () => {
    const [jobId = 0] = await submit()
    await beat({ [jobId]: {} })
    expect(await jobOf(jobId, ["Status"])).toEqual({ Status: "Received" })
  })

  it("fetch a Kill once", async () => {
    const [killed = 0, other = 0] = await submit(2)
    await service().call("PATCH", "/api/jobs/status", {
      as: alice,
      body: { [killed]: { [now()]: { Status: "Killed", Source: "User" } } },
    })
    const both = { [killed]: {}, [other]: {} }
    const command = { job_id: killed, command: "Kill", arguments: "" }
    expect((await beat(both)).body).toEqual([command])
    expect((await beat(both)).body).toEqual([])
  })

  it("fetch a Kill once even when two pilots beat at the same time", async () => {
    const [jobId = 0] = await submit()
    await service().call("PATCH", "/api/jobs/status", {
      as: alice,
      body: { [jobId]: { [now()]: { Status: "Killed", Source: "User" } } },
    })
    const answers = await Promise.all([1, 2, 3].map(() => beat({ [jobId]: {} }, pilot)))
    expect(answers.flatMap(({ body }) => body)).toHaveLength(1)
  })

  it("of a job that does not exist change nothing", async () => {
    const [jobId = 0] = await submit()
    const answer = await beat({ [jobId]: { CPUConsumed: 1 }, 999_999_999: {} }, admin)
    expect(answer).toMatchObject({ status: 404, body: { detail: "Job 999999999 not found" } })
    expect(await figuresOf(jobId)).toEqual([])
  })

  it("are for the owner, pilots and administrators", async () => {
    const [jobId = 0] = await submit()
    expect((await beat({ [jobId]: {} }, bob)).status).toBe(403)
    expect((await beat({ [jobId]: {} }, pilot)).status).toBe(200)
    expect((await beat({ [jobId]: {} }, admin)).status).toBe(200)
    expect((await beat({}, alice)).status).toBe(403)
  })

  it.each([
    [{ 1: { Foo: 1 } }, ["body", "1", "Foo"]],
    [{ 1: { CPUConsumed: "x" } }, ["body", "1", "CPUConsumed"]],
    [{ 1: { StandardOutput: 5 } }, ["body", "1", "StandardOutput"]],
    [{ x: {} }, ["body", "x", "[key]"]],
    [{ 1: 5 }, ["body", "1"]],
    [[], ["body"]],
  ])("tell where the request %j is wrong", async (body, loc) => {
    expect(await beat(body)).toMatchObject({ status: 422, body: { detail: [{ loc }] } })
  })
})
