import { expect, it } from "vitest"
import { describeEachBackend } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { admin, alice, bob, pilot, serviceOn, type Caller } from "../../support/service.ts"

describeEachBackend("metadata of jobs", (backend) => {
  const database = useDatabase(backend)
  const service = () => serviceOn(database.sql)
  const submit = async (): Promise<number> => {
    const answer = await service().call("POST", "/api/jobs/jdl", { as: alice, body: ["[]"] })
    return answer.body[0].JobID
  }
  const patch = (body: unknown, as: Caller = alice) =>
    service().call("PATCH", "/api/jobs/metadata", { as, body })
  const parametersOf = async (jobId: number) => {
    const search = [{ parameter: "JobID", operator: "eq", value: jobId }]
    const path = "/api/jobs/parameters/search"
    const found = await service().call("POST", path, { as: admin, body: { search } })
    return found.body[0]
  }

  it("set the site, and lay parameters over those that are there", async () => {
    const [one, other] = [await submit(), await submit()]
    const first = {
      Site: "LCG.Test.org",
      CPUNormalizationFactor: "10.7",
      "Memory(MB)": "100",
      Own: { a: 1, b: 2 },
    }
    expect(await patch({ [one]: first, [other]: { HostName: "wn1" } })).toMatchObject({
      status: 204,
      body: "",
    })
    await patch({ [one]: { HostName: "wn2", Own: { b: 3, c: [1, "é😀"] } } })
    expect(await parametersOf(one)).toEqual({
      JobID: one,
      timestamp: expect.stringMatching(/^2\d{3}-.*Z$/),
      CPUNormalizationFactor: 10,
      "Memory(MB)": 100,
      HostName: "wn2",
      Own: { a: 1, b: 3, c: [1, "é😀"] },
    })
    expect(await parametersOf(other)).toMatchObject({ HostName: "wn1" })
    const search = [{ parameter: "JobID", operator: "eq", value: one }]
    const found = await service().call("POST", "/api/jobs/search", {
      as: alice,
      body: { search, parameters: ["Site"] },
    })
    expect(found.body).toEqual([{ Site: "LCG.Test.org" }])
  })

  it("leave what is null as it is, at any depth", async () => {
    const jobId = await submit()
    await patch({ [jobId]: { Own: { a: 1, b: { c: 2 }, none: null }, List: [null, { d: null }] } })
    const stored = { Own: { a: 1, b: { c: 2 } }, List: [null, { d: null }] }
    expect(await parametersOf(jobId)).toMatchObject(stored)
    await patch({ [jobId]: { Own: { a: null, b: { c: null }, new: { e: null } }, List: null } })
    const { Own, List } = (await parametersOf(jobId)) ?? {}
    expect({ Own, List }).toEqual({ ...stored, Own: { ...stored.Own, new: {} } })
  })

  it.each(["Owner", "Status", "UserPriority", "JobName"])(
    "cannot change the attribute %s",
    async (name) => {
      const jobId = await submit()
      const value = name === "UserPriority" ? 5 : "x"
      expect(await patch({ [jobId]: { HostName: "wn", [name]: value } })).toMatchObject({
        status: 400,
        body: { detail: `Job attribute ${name} cannot be modified through this endpoint` },
      })
      expect(await parametersOf(jobId)).toBeUndefined()
    },
  )

  it("of a job that does not exist: parameters are refused, attributes pass", async () => {
    const jobId = await submit()
    const unknown = 999_999_999
    expect(await patch({ [jobId]: { Own: 1 }, [unknown]: { Own: 1 } }, admin)).toMatchObject({
      status: 404,
      body: { detail: "Job 999999999 not found" },
    })
    expect(await parametersOf(jobId)).toBeUndefined()
    expect((await patch({ [unknown]: { Site: "x" } }, admin)).status).toBe(204)
  })

  it("are for the owner, pilots and administrators", async () => {
    const jobId = await submit()
    expect((await patch({ [jobId]: { Own: 1 } }, bob)).status).toBe(403)
    expect((await patch({ [jobId]: { Own: 1 } }, pilot)).status).toBe(204)
  })

  it.each([
    [{ CPUNormalizationFactor: "x" }, "CPUNormalizationFactor"],
    [{ HostName: 5 }, "HostName"],
    [{ Site: "x".repeat(101) }, "Site"],
    [{ timestamp: "yesterday" }, "timestamp"],
    ['{"Own": 1e400}', "Own"],
    ['{"Own": {"a": [-1e400]}}', "Own"],
    ['{"Memory(MB)": 1e400}', "Memory(MB)"],
  ])("tell where %j is wrong", async (metadata, field) => {
    const body = typeof metadata === "string" ? metadata : JSON.stringify(metadata)
    expect(await patch(`{"1": ${body}}`)).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ["body", "1", field] }] },
    })
  })
})
