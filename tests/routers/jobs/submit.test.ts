import { createHash } from "node:crypto"
import { expect, it } from "vitest"
import { describeEachBackend } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { alice, carol, pilot, serviceOn, settings } from "../../support/service.ts"

const JDL = 'Executable = "echo"; Arguments = "hello"; JobName = "n"; JobGroup = "$"; Priority = 2;'

describeEachBackend("submission of jobs", (backend) => {
  const database = useDatabase(backend)
  const service = () => serviceOn(database.sql)
  const find = async (group: string, parameters?: string[]) => {
    const search = [{ parameter: "JobGroup", operator: "eq", value: group }]
    const answer = await service().call("POST", "/api/jobs/search", {
      as: alice,
      body: { search, parameters },
    })
    return answer.body
  }

  it("stores a job and answers with its id and first status", async () => {
    const body = [JDL.replace("$", "one")]
    const answer = await service().call("POST", "/api/jobs/jdl", { as: alice, body })
    expect(answer).toMatchObject({
      status: 201,
      body: [{ JobID: expect.any(Number), Status: "Received", MinorStatus: "Job accepted" }],
    })
    expect(answer.body[0].TimeStamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/)
    expect(await find("one")).toMatchObject([
      {
        JobID: answer.body[0].JobID,
        JobName: "n",
        JobType: "user",
        Owner: "alice",
        OwnerGroup: "user",
        VO: "testvo",
        Site: "ANY",
        UserPriority: 2,
        VerifiedFlag: true,
        AccountedFlag: false,
        Status: "Received",
        ApplicationStatus: "Unknown",
        EndExecTime: null,
      },
    ])
  })

  it("gives the jobs of one call consecutive ids in their order", async () => {
    const body = ["a", "b", "c"].map((name) => `JobGroup = "bulk"; JobName = "${name}"`)
    const answer = await service().call("POST", "/api/jobs/jdl", { as: alice, body })
    const rows = await find("bulk", ["JobID", "JobName"])
    expect(rows.map((row: { JobName: string }) => row.JobName)).toEqual(["a", "b", "c"])
    expect(rows.map((row: { JobID: number }) => row.JobID)).toEqual(
      answer.body.map((job: { JobID: number }) => job.JobID),
    )
  })

  it("makes a job for each parameter", async () => {
    const body = [
      'JobGroup = "par"; Parameters = 3; ParameterStart = 1; ParameterStep = 1; JobName = "p_%n"; Arguments = "%s";',
    ]
    const answer = await service().call("POST", "/api/jobs/jdl", { as: alice, body })
    expect(answer.body).toHaveLength(3)
    expect(answer.body[0]).toMatchObject({
      Status: "Submitting",
      MinorStatus: "Bulk transaction confirmation",
    })
    expect(await find("par", ["JobName"])).toEqual([
      { JobName: "p_0" },
      { JobName: "p_1" },
      { JobName: "p_2" },
    ])
  })

  it("stores no job when one of them cannot be read, and says why", async () => {
    const body = ['JobGroup = "bad";', 'JobGroup = "bad"; Executable =']
    const answer = await service().call("POST", "/api/jobs/jdl", { as: alice, body })
    expect(answer.status).toBe(400)
    expect(answer.body.detail).toMatch(/^JDL syntax error: ./)
    expect(await find("bad")).toEqual([])
  })

  it("refuses a description that fits its column only as it is sent, and stores no job", async () => {
    // What does not compress is longer with the attributes that the service adds to it.
    const noise = createHash("shake256", { outputLength: 48_800 }).digest("base64")
    const body = ['JobGroup = "long"', `JobGroup = "long"; Arguments = "${noise}"`]
    const answer = await service().call("POST", "/api/jobs/jdl", { as: alice, body })
    expect(answer.status).toBe(400)
    expect(answer.body.detail).toMatch(/The compressed JDL is longer than 65535 characters/)
    expect(await find("long")).toEqual([])
  })

  it("refuses more jobs than the settings allow", async () => {
    const few = serviceOn(database.sql, { settings: { ...settings, maxJobsPerCall: 2 } })
    const body = Array.from({ length: 3 }, () => 'JobGroup = "many"')
    const answer = await few.call("POST", "/api/jobs/jdl", { as: alice, body })
    expect(answer).toMatchObject({
      status: 400,
      body: { detail: "Normal user cannot submit more than 2 jobs at once" },
    })
  })

  it("takes 1,000 jobs with their input data in one call", async () => {
    const lfns = Array.from({ length: 20 }, (_, i) => `"/testvo/file${i}"`)
    const body = Array.from(
      { length: 1000 },
      () => `JobGroup = "thousand"; InputData = {${lfns.join(", ")}}`,
    )
    const answer = await service().call("POST", "/api/jobs/jdl", { as: carol, body })
    expect(answer.status).toBe(201)
    expect(new Set(answer.body.map((job: { JobID: number }) => job.JobID)).size).toBe(1000)
  })

  it("is for users: a pilot is forbidden to submit", async () => {
    const answer = await service().call("POST", "/api/jobs/jdl", { as: pilot, body: [JDL] })
    expect(answer).toMatchObject({ status: 403, body: { detail: "Forbidden" } })
  })

  it("asks for a token", async () => {
    const answer = await service().call("POST", "/api/jobs/jdl", { body: [JDL] })
    expect(answer).toMatchObject({
      status: 401,
      body: { detail: "Authorization header is missing" },
    })
    expect(answer.headers.get("www-authenticate")).toBe("Bearer")
  })

  it.each([
    ["no list", "x", ["body"], "list_type"],
    ["no text", [1], ["body", 0], "string_type"],
    ["no JSON", "{", ["body", 0], "json_invalid"],
    ["no body", undefined, ["body"], "missing"],
    ["U+0000", ["a\0b"], ["body"], "value_error"],
  ])("tells where a request is wrong: %s", async (_, body, loc, type) => {
    const text = body === "{" ? "{" : body === undefined ? undefined : JSON.stringify(body)
    const answer = await service().call("POST", "/api/jobs/jdl", { as: alice, body: text })
    expect(answer.status).toBe(422)
    expect(answer.body.detail[0]).toMatchObject({ loc, type })
  })
})
