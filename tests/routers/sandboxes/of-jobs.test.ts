import { expect, it } from "vitest"
import { withoutSe } from "@spinor/core/sandboxes/pfn"
import { describeEachBackend } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { admin, alice, bob, carol, pilot, serviceOn, type Caller } from "../../support/service.ts"
import { storeJobs } from "../../support/stored-jobs.ts"
import { announced, registered, storedSandboxes } from "../../support/stored-sandboxes.ts"

describeEachBackend("sandboxes of jobs", (backend) => {
  const database = useDatabase(backend)
  const service = () => serviceOn(database.sql)
  const stored = () => storedSandboxes(database.sql)
  const newSandbox = (as: Caller = alice) => registered(service(), as)
  const newJob = async (columns = {}) => (await storeJobs(database.sql, [columns]))[0] ?? 0

  const initiate = (body: object, as: Caller = alice) =>
    service().call("POST", "/api/jobs/sandbox", { as, body })
  const assign = (jobId: number, pfn: unknown, as: Caller = alice) =>
    service().call("PATCH", `/api/jobs/${jobId}/sandbox/output`, { as, body: JSON.stringify(pfn) })
  const list = (jobId: number, type = "", as: Caller = alice) =>
    service().call("GET", `/api/jobs/${jobId}/sandbox${type}`, { as })
  const unassign = (jobIds: unknown, as: Caller = alice) =>
    service().call("POST", "/api/jobs/sandbox/unassign", { as, body: { job_ids: jobIds } })
  const isAssigned = async (pfn: string) => (await stored().row(pfn))?.assigned

  it("are assigned to a job as its output", async () => {
    const [jobId, pfn] = [await newJob(), await newSandbox()]
    expect(await assign(jobId, pfn)).toMatchObject({ status: 200, body: null })
    const short = withoutSe(pfn)
    expect((await list(jobId)).body).toEqual({ Input: [], Output: [short] })
    expect((await list(jobId, "/output")).body).toEqual([short])
    expect((await list(jobId, "/input")).body).toEqual([])
    expect(await isAssigned(pfn)).toBe(true)
  })

  it("that are assigned are known to be stored", async () => {
    const [jobId, body] = [await newJob(), announced()]
    const { pfn } = (await initiate(body)).body
    await assign(jobId, pfn)
    expect((await initiate(body)).body).toEqual({ pfn, url: null, fields: {} })
  })

  it("are listed in the order in which they were registered, inputs apart", async () => {
    const jobId = await newJob()
    const pfns = [await newSandbox(), await newSandbox(), await newSandbox()]
    const [first = "", second = "", third = ""] = pfns
    await assign(jobId, third)
    await assign(jobId, first)
    await stored().giveAsInput(second, jobId)
    expect((await list(jobId)).body).toEqual({
      Input: [withoutSe(second)],
      Output: [withoutSe(first), withoutSe(third)],
    })
  })

  it("are assigned to a job once", async () => {
    const [jobId, pfn] = [await newJob(), await newSandbox()]
    const answers = await Promise.all(Array.from({ length: 6 }, () => assign(jobId, pfn)))
    const refused = answers.filter(({ status }) => status !== 200)
    expect(refused).toHaveLength(5)
    for (const answer of refused) {
      expect(answer).toMatchObject({ status: 400, body: { detail: "Sandbox already assigned" } })
    }
  })

  it("that nobody registered are not assigned", async () => {
    const pfn = `/S3/sandboxes/testvo/user/alice/sha256:${"b".repeat(64)}.tar.zst`
    expect(await assign(await newJob(), pfn)).toMatchObject({
      status: 400,
      body: { detail: "Sandbox not found" },
    })
  })

  it.each([["nothing"], [7], [null]])("are assigned by a PFN, not by %j", async (body) => {
    const answer = await assign(await newJob(), body)
    expect(answer.status).toBe(422)
    expect(answer.body.detail[0].loc).toEqual(["body"])
  })

  it("are taken from a job, and are then free", async () => {
    const [jobId, pfn] = [await newJob(), await newSandbox()]
    await assign(jobId, pfn)
    const remove = () => service().call("DELETE", `/api/jobs/${jobId}/sandbox`, { as: alice })
    expect(await remove()).toMatchObject({ status: 200, body: null })
    expect((await list(jobId)).body).toEqual({ Input: [], Output: [] })
    expect(await isAssigned(pfn)).toBe(false)
    expect((await remove()).status).toBe(200)
  })

  it("are taken from many jobs at once; one that another job has stays assigned", async () => {
    const [one, other, third] = [await newJob(), await newJob(), await newJob()]
    const [own, shared, kept] = [await newSandbox(), await newSandbox(), await newSandbox()]
    await assign(one, own)
    await assign(one, shared)
    await assign(other, shared)
    await assign(other, kept)
    await assign(third, kept)
    expect((await unassign([one, other])).status).toBe(204)
    expect((await list(one)).body.Output).toEqual([])
    expect((await list(other)).body.Output).toEqual([])
    expect((await list(third)).body.Output).toEqual([withoutSe(kept)])
    expect(await Promise.all([own, shared, kept].map(isAssigned))).toEqual([false, false, true])
  })

  it("are taken from no job when none is named", async () => {
    expect((await unassign([], admin)).status).toBe(204)
    expect((await unassign([], alice)).status).toBe(403)
  })

  it("that one job gives up while another takes it stay assigned", async () => {
    const [one, other, pfn] = [await newJob(), await newJob(), await newSandbox()]
    for (let round = 0; round < 5; round++) {
      await assign(one, pfn)
      await Promise.all([unassign([one]), assign(other, pfn)])
      expect(await isAssigned(pfn)).toBe(true)
      await unassign([other])
      expect(await isAssigned(pfn)).toBe(false)
    }
  })

  it("are the business of a job's owner, of administrators and, to change, of pilots", async () => {
    const [jobId, pfn] = [await newJob(), await newSandbox()]
    for (const as of [bob, carol]) {
      expect((await list(jobId, "", as)).status).toBe(403)
      expect((await list(jobId, "/output", as)).status).toBe(403)
      expect((await assign(jobId, pfn, as)).status).toBe(403)
      expect((await unassign([jobId], as)).status).toBe(403)
    }
    expect((await list(jobId, "", pilot)).status).toBe(403)
    expect((await assign(jobId, pfn, pilot)).status).toBe(200)
    expect((await list(jobId, "", admin)).status).toBe(200)
    expect((await unassign([jobId], pilot)).status).toBe(204)
  })

  it("of jobs that do not exist are nobody's; administrators see that there are none", async () => {
    expect((await list(2_000_000_000)).status).toBe(403)
    expect((await list(2_000_000_000, "", admin)).body).toEqual({ Input: [], Output: [] })
    expect((await list(9e15, "", admin)).body).toEqual({ Input: [], Output: [] })
    expect((await unassign([2_000_000_000], admin)).status).toBe(204)
  })

  it("are of two types", async () => {
    const { status, body } = await list(await newJob(), "/middle")
    expect(status).toBe(422)
    expect(body.detail[0].loc).toEqual(["path", "sandbox_type"])
  })
})
