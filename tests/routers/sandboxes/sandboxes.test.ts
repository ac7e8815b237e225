import { expect, it } from "vitest"
import { instant } from "@spinor/core/instant"
import { withoutSe } from "@spinor/core/sandboxes/pfn"
import { describeEachBackend, dialectOf } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { admin, alice, bob, carol, pilot, serviceOn, type Caller } from "../../support/service.ts"
import { storeJobs } from "../../support/stored-jobs.ts"
import { announced, registered, storedSandboxes } from "../../support/stored-sandboxes.ts"

describeEachBackend("sandboxes", (backend) => {
  const database = useDatabase(backend)
  const service = () => serviceOn(database.sql)
  const stored = () => storedSandboxes(database.sql)
  const newSandbox = (as: Caller = alice) => registered(service(), as)
  const newJob = async (columns = {}) => (await storeJobs(database.sql, [columns]))[0] ?? 0

  const initiate = (body: object, as: Caller = alice) =>
    service().call("POST", "/api/jobs/sandbox", { as, body })
  const download = (pfn: string, as: Caller = alice) =>
    service().call("GET", `/api/jobs/sandbox?${new URLSearchParams({ pfn }).toString()}`, { as })
  const assign = (jobId: number, pfn: unknown, as: Caller = alice) =>
    service().call("PATCH", `/api/jobs/${jobId}/sandbox/output`, { as, body: JSON.stringify(pfn) })
  const list = (jobId: number, type = "", as: Caller = alice) =>
    service().call("GET", `/api/jobs/${jobId}/sandbox${type}`, { as })
  const unassign = (jobIds: unknown, as: Caller = alice) =>
    service().call("POST", "/api/jobs/sandbox/unassign", { as, body: { job_ids: jobIds } })
  const isAssigned = async (pfn: string) => (await stored().row(pfn))?.assigned

  it("are named by who owns them and what is in them", async () => {
    const body = announced()
    const { status, body: answer } = await initiate(body)
    expect(status).toBe(200)
    const pfn = `/S3/sandboxes/testvo/user/alice/sha256:${body.checksum}.tar.zst`
    expect(answer.pfn).toBe(`SB:SandboxSE|${pfn}`)
    expect(answer.url).toMatch(/^http/)
    expect(await stored().row(pfn)).toMatchObject({
      seName: "SandboxSE",
      pfn,
      bytes: body.size,
      assigned: false,
    })
  })

  it("belong to the user in his group, who is noted once", async () => {
    await Promise.all(Array.from({ length: 8 }, () => newSandbox(carol)))
    const owners = (await stored().owners()).filter(({ owner }) => owner === "carol")
    expect(owners).toMatchObject([{ owner: "carol", ownerGroup: "user", vo: "othervo" }])
  })

  it("are registered once, however many register one at once", async () => {
    const body = announced()
    const answers = await Promise.all(Array.from({ length: 8 }, () => initiate(body)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ body: { pfn } }) => pfn)).size).toBe(1)
  })

  it("of users whose names differ in case are each their own", async () => {
    const body = announced()
    const { body: mine } = await initiate(body)
    expect((await initiate(announced(), { name: "Alice" })).status).toBe(200)
    expect((await download(mine.pfn, { name: "Alice" })).status).toBe(403)
    const same = await initiate(body, { name: "Alice" })
    if (dialectOf(backend) === "mysql") {
      expect(same.status).toBe(400)
      expect(same.body.detail).toMatch(/^Another user has a sandbox of this name, but for upper/)
    } else {
      expect(same.body.pfn).toBe(mine.pfn.replace("/alice/", "/Alice/"))
    }
    expect((await initiate(body)).body.pfn).toBe(mine.pfn)
  })

  it("are the same in whichever case their checksum is announced", async () => {
    const body = announced()
    const { body: first } = await initiate(body)
    const again = await initiate({ ...body, checksum: body.checksum.toUpperCase() })
    expect(again).toMatchObject({ status: 200, body: { pfn: first.pfn } })
    const upper = { ...announced(), checksum: announced().checksum.toUpperCase() }
    const { body: second } = await initiate(upper)
    expect(second.pfn).toContain(upper.checksum)
    const lower = { ...upper, checksum: upper.checksum.toLowerCase() }
    expect((await initiate(lower)).body.pfn).toBe(second.pfn)
  })

  it("have PFNs that the service takes again, and none that are longer", async () => {
    // What is left of 256 characters for the name of the user.
    const beside = "SB:SandboxSE|/S3/sandboxes/testvo//".length + "/sha256:.tar.zst".length + 64
    const group = "g".repeat(256 - beside - 32)
    const longest = { group, name: "n".repeat(32) }
    const taken = await initiate(announced(), longest)
    if (group.length <= 32) expect(taken.status).toBe(200)
    const { status } = await initiate(announced(), { ...longest, group: `${group}g` })
    expect(status).toBe(400)
  })

  it("hold 100 MiB at most", async () => {
    expect((await initiate({ ...announced(), size: 104_857_600 })).status).toBe(200)
    expect(await initiate({ ...announced(), size: 104_857_601 })).toMatchObject({
      status: 400,
      body: { detail: "Sandbox too large, maximum allowed is 104857600 bytes" },
    })
  })

  it.each([
    ["checksum", { checksum: "00" }],
    ["size", { size: 0 }],
    ["format", { format: "zip" }],
    ["checksum_algorithm", { checksum_algorithm: "md5" }],
  ])("are refused for their %s", async (field, change) => {
    const { status, body } = await initiate({ ...announced(), ...change })
    expect(status).toBe(422)
    expect(body.detail[0].loc).toEqual(["body", field])
  })

  it("of users of whom no PFN can be made are refused, and nothing is registered", async () => {
    const { status, body } = await initiate(announced(), { name: "al/ice" })
    expect(status).toBe(400)
    expect(body.detail).toMatch(/PFN/)
    expect((await initiate(announced(), { name: ".." })).status).toBe(400)
    expect((await initiate(announced(), { name: "a\nb" })).status).toBe(400)
    expect((await initiate(announced(), { name: "a\ud800b" })).status).toBe(400)
    expect((await initiate(announced(), { name: "x".repeat(200) })).status).toBe(400)
  })

  it("are made by users, not by pilots or administrators alone", async () => {
    for (const as of [pilot, admin]) {
      expect(await initiate(announced(), as)).toMatchObject({
        status: 403,
        body: { detail: "Forbidden" },
      })
    }
  })

  it("are given to their owner and to administrators", async () => {
    const pfn = await newSandbox()
    for (const name of [pfn, withoutSe(pfn)]) {
      for (const as of [alice, admin]) {
        const { status, body } = await download(name, as)
        expect(status).toBe(200)
        expect(body).toEqual({ url: expect.stringMatching(/^http/), expires_in: 300 })
      }
    }
  })

  it("are given to nobody else", async () => {
    const pfn = await newSandbox()
    const invalid = (vo: string, name: string) =>
      `Invalid PFN. PFN must start with /S3/sandboxes/${vo}/user/${name}/`
    expect(await download(pfn, bob)).toMatchObject({
      status: 403,
      body: { detail: invalid("testvo", "bob") },
    })
    expect(await download(pfn, carol)).toMatchObject({
      status: 403,
      body: { detail: invalid("othervo", "carol") },
    })
    expect(await download(pfn, pilot)).toMatchObject({ status: 403, body: { detail: "Forbidden" } })
    expect(await download(pfn, { group: "other" })).toMatchObject({ status: 403 })
  })

  it("that nobody registered are nobody's", async () => {
    const pfn = `/S3/sandboxes/testvo/user/alice/sha256:${"a".repeat(64)}.tar.zst`
    expect(await download(pfn)).toMatchObject({
      status: 403,
      body: { detail: "alice is not the owner of the sandbox" },
    })
    expect(await download(`SB:SandboxSE|${pfn}`, admin)).toMatchObject({
      status: 400,
      body: { detail: `Sandbox with ${pfn} and SandboxSE not found` },
    })
  })

  it("are asked for by a PFN, in DiracX's pattern", async () => {
    const { status, body } = await download("/S3/nothing")
    expect(status).toBe(422)
    expect(body.detail[0]).toMatchObject({
      type: "string_pattern_mismatch",
      loc: ["query", "pfn"],
      msg: expect.stringMatching(/^String should match pattern '\^\(:\?SB:\[A-Za-z\]\+/),
    })
  })

  it("remember when they were last asked for", async () => {
    const long = instant("2026-01-01T00:00:00Z")
    const body = announced()
    const { pfn } = (await initiate(body)).body
    const accessed = async () => (await stored().row(pfn))?.lastAccessTime ?? ""
    await stored().age(pfn, long)
    await download(pfn)
    expect((await accessed()) > long).toBe(true)
    await stored().age(pfn, long)
    await initiate(body)
    expect((await accessed()) > long).toBe(true)
  })

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
