import { expect, it } from "vitest"
import { describeEachDocumentStore, useDocuments } from "../../support/document-stores.ts"
import {
  admin,
  alice,
  bob,
  carol,
  configuration,
  fixedConfig,
  type Caller,
  type Json,
} from "../../support/service.ts"
import { storeJobs, type JobColumns } from "../../support/stored-jobs.ts"

describeEachDocumentStore("parameters of jobs", (backend) => {
  const store = useDocuments(backend)
  const newJobs = (...jobs: JobColumns[]) => storeJobs(store.database.sql, jobs)
  const patch = (body: unknown, as: Caller = admin) =>
    store.service().call("PATCH", "/api/jobs/metadata", { as, body })
  const search = async (
    body: unknown,
    { as = admin, query = "" }: { as?: Caller; query?: string } = {},
  ) => {
    await store.settle()
    const path = `/api/jobs/parameters/search?${query}`
    return await store.service().call("POST", path, { as, body })
  }
  const only = (...values: number[]) => ({ parameter: "JobID", operator: "in", values })
  const idsOf = ({ body }: { body: Json }) => body.map(({ JobID }: { JobID: number }) => JobID)

  it("are found with all that was written, times in UTC", async () => {
    const [jobId = 0] = await newJobs({})
    const written = { GridCE: "ce1.cern.ch", "Memory(MB)": 2000, Own: { a: [1, "é😀"] } }
    expect((await patch({ [jobId]: written })).status).toBe(204)
    const { status, body } = await search({ search: [only(jobId)] })
    expect(status).toBe(200)
    expect(body).toEqual([{ ...written, JobID: jobId, timestamp: expect.stringMatching(TIME) }])
  })

  it("of a heartbeat are laid over those that are there", async () => {
    const [jobId = 0] = await newJobs({ status: "Running" })
    await patch({ [jobId]: { HostName: "wn1", StandardOutput: "first", Own: { a: 1 } } })
    const beat = { [jobId]: { StandardOutput: "second", LoadAverage: 1 } }
    await store.service().call("PATCH", "/api/jobs/heartbeat", { as: admin, body: beat })
    await patch({ [jobId]: { Own: { b: 2 } } })
    const { body } = await search({ search: [only(jobId)] })
    expect(body).toEqual([
      {
        JobID: jobId,
        timestamp: expect.stringMatching(TIME),
        HostName: "wn1",
        StandardOutput: "second",
        Own: { a: 1, b: 2 },
      },
    ])
  })

  it("tell the job's own number and the time that the client names", async () => {
    const [jobId = 0] = await newJobs({})
    await patch({ [jobId]: { JobID: 1, timestamp: "2026-02-03T04:05:06+01:00" } })
    const { body } = await search({ search: [only(jobId)] })
    expect(body).toEqual([{ JobID: jobId, timestamp: "2026-02-03T03:05:06Z" }])
  })

  it("of different types under a name that nobody declared do not disturb each other", async () => {
    const [one = 0, two = 0, three = 0] = await newJobs({}, {}, {})
    const body = { [one]: { Mine: 5 }, [two]: { Mine: "text" }, [three]: { Mine: { a: 1 } } }
    expect((await patch(body)).status).toBe(204)
    const found = await search({ search: [only(one, two, three)], parameters: ["Mine"] })
    expect(found.body).toEqual([{ Mine: 5 }, { Mine: "text" }, { Mine: { a: 1 } }])
  })

  it.each([
    ["a name that is empty", { "": 1 }, "A parameter cannot be named"],
    ["a name with an empty part", { "a..b": 1 }, "A parameter cannot be named"],
    ["a name of OpenSearch", { _id: 1 }, "A parameter cannot be named"],
    ["a way into a number", { "JobID.x": 1 }, "A parameter cannot be named"],
    ["many lists in one another", { a: lists(21) }, "Parameter a holds more than 20 lists"],
    ["a text that is too long", { GridCE: "é".repeat(16_384) }, "Parameter GridCE is longer than"],
    ["more than a megabyte", { Own: "x".repeat(1_048_576) }, "is longer than 1048576 bytes"],
  ])("with %s are refused, and nothing of the call is stored", async (_, refused, detail) => {
    const [good = 0, bad = 0] = await newJobs({}, {})
    const answer = await patch({ [good]: { GridCE: "ce1" }, [bad]: refused })
    expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringContaining(detail) } })
    expect((await search({ search: [only(good, bad)] })).body).toEqual([])
  })

  it("of an unknown job are refused, and nothing of the call is stored", async () => {
    const [jobId = 0] = await newJobs({})
    expect((await patch({ [jobId]: { GridCE: "x" }, 999999: { GridCE: "x" } })).status).toBe(404)
    expect((await search({ search: [only(jobId)] })).body).toEqual([])
  })

  it("are shown to the VO of the job, and to a service administrator", async () => {
    const [ours = 0, theirs = 0] = await newJobs({}, { vo: "othervo", owner: "carol" })
    await patch({ [ours]: { GridCE: "a" }, [theirs]: { GridCE: "b" } })
    const seenBy = async (as: Caller) =>
      idsOf(await search({ search: [only(ours, theirs)] }, { as }))
    expect(await seenBy(alice)).toEqual([ours])
    expect(await seenBy(bob)).toEqual([ours])
    expect(await seenBy(carol)).toEqual([theirs])
    expect(await seenBy(admin)).toEqual([ours, theirs])
  })

  it("are not shown to a VO whose name begins with that of the job's, or the other way round", async () => {
    const longer = { name: "dora", vo: "testvo_0m" }
    const [ours = 0, theirs = 0] = await newJobs({}, { vo: longer.vo })
    await patch({ [ours]: { GridCE: "a" }, [theirs]: { GridCE: "b" } })
    const found = await search({ search: [only(ours, theirs)] }, { as: alice })
    expect(idsOf(found)).toEqual([ours])
  })

  it("are shown to their owner alone where the configuration says so", async () => {
    const [mine = 0, bobs = 0, hidden = 0] = await newJobs({}, { owner: "bob" }, { vo: "othervo" })
    const all = [mine, bobs, hidden]
    await patch(Object.fromEntries(all.map((jobId) => [jobId, { GridCE: "confined" }])))
    const confined = fixedConfig({
      ...configuration,
      Operations: { Defaults: { Services: { JobMonitoring: { GlobalJobsInfo: false } } } },
    })
    const seenBy = async (as: Caller, condition: object) => {
      await store.settle()
      const path = "/api/jobs/parameters/search"
      const { call } = store.service({ config: confined })
      return idsOf(await call("POST", path, { as, body: { search: [condition] } }))
    }
    const byName = { parameter: "GridCE", operator: "eq", value: "confined" }
    expect(await seenBy(alice, only(...all))).toEqual([mine])
    expect(await seenBy(bob, byName)).toEqual([bobs])
    expect(await seenBy({ ...alice, name: "nobody" }, byName)).toEqual([])
  })

  it("are not shown to a VO whose name differs in case only", async () => {
    const [ours = 0, theirs = 0] = await newJobs({}, { vo: "TestVO" })
    await patch({ [ours]: { GridCE: "a" }, [theirs]: { GridCE: "b" } })
    const { othervo, ...registry } = configuration.Registry
    const config = fixedConfig({ ...configuration, Registry: { ...registry, TestVO: othervo } })
    await store.settle()
    const path = "/api/jobs/parameters/search"
    const search = [only(ours, theirs)]
    const { call } = store.service({ config })
    const seenBy = async (as: Caller) => idsOf(await call("POST", path, { as, body: { search } }))
    expect(await seenBy(alice)).toEqual([ours])
    expect(await seenBy({ ...carol, vo: "TestVO" })).toEqual([theirs])
  })

  it("are found in pages that count, and go on by the link in them", async () => {
    const jobs = await newJobs({}, {}, {}, {}, {})
    await patch(Object.fromEntries(jobs.map((jobId) => [jobId, { GridCE: "paged" }])))
    const body = { search: [only(...jobs)], sort: [{ parameter: "JobID", direction: "desc" }] }
    const first = await search(body, { query: "per_page=2" })
    expect(first).toMatchObject({ status: 206 })
    expect(first.headers.get("content-range")).toBe("jobs 0-1/5")
    const second = await search(body, { query: "per_page=2&page=2" })
    expect(second.headers.get("content-range")).toBe("jobs 2-3/5")
    const ids = [...idsOf(first)]
    let link = first.headers.get("link")
    for (let pages = 0; link !== null && pages < 5; pages++) {
      const next = await search(body, { query: /<\?(.*)>; rel="next"/.exec(link)?.[1] ?? "" })
      expect(next.status).toBe(200)
      expect(next.headers.get("content-range")).toBeNull()
      ids.push(...idsOf(next))
      link = next.headers.get("link")
    }
    expect(ids).toEqual([...jobs].reverse())
  })

  it("past the last page are a 416, beyond 10,000 a 400 that names the cursor", async () => {
    const [jobId = 0] = await newJobs({})
    await patch({ [jobId]: { GridCE: "x" } })
    const past = await search({ search: [only(jobId)] }, { query: "page=2" })
    expect(past).toMatchObject({ status: 416, body: [] })
    expect(past.headers.get("content-range")).toBe("jobs */1")
    const beyond = await search({}, { query: "page=101" })
    expect(beyond).toMatchObject({
      status: 400,
      body: { detail: "Numbered pages end at 10000 documents: use the cursor of the Link header" },
    })
  })

  it("begin with an empty cursor, and are never counted", async () => {
    const jobs = await newJobs({}, {})
    await patch(Object.fromEntries(jobs.map((jobId) => [jobId, { GridCE: "x" }])))
    const body = { search: [only(...jobs)] }
    const { status, headers, body: rows } = await search(body, { query: "per_page=1&cursor=" })
    expect(status).toBe(200)
    expect(rows).toHaveLength(1)
    expect(headers.get("content-range")).toBeNull()
    const query = /<\?(.*)>/.exec(headers.get("link") ?? "")?.[1] ?? ""
    expect(idsOf(await search(body, { query }))).toEqual([jobs[1]])
  })

  it("take no cursor of another search", async () => {
    const jobs = await newJobs({}, {})
    await patch(Object.fromEntries(jobs.map((jobId) => [jobId, { GridCE: "x" }])))
    const body = { search: [only(...jobs)] }
    const { headers } = await search(body, { query: "per_page=1" })
    const query = /<\?(.*)>/.exec(headers.get("link") ?? "")?.[1] ?? ""
    expect((await search(body, { query })).status).toBe(200)
    const refused = { status: 400, body: { detail: "The cursor is not one of this search" } }
    expect(await search({ search: [] }, { query })).toMatchObject(refused)
    expect(await search(body, { query: "cursor=bm9uZQ" })).toMatchObject(refused)
  })
})

const TIME = /^2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

function lists(depth: number): unknown {
  return depth === 0 ? 1 : [lists(depth - 1)]
}
