import { randomUUID } from "node:crypto"
import { expect, it } from "vitest"
import { instant } from "@spinor/core/instant"
import { describeEachBackend } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { walk } from "../../support/pages.ts"
import { admin, alice, pilot, serviceOn, type Caller } from "../../support/service.ts"
import { storePilot } from "../../support/stored-jobs.ts"

const pilotOfOtherVo: Caller = { ...pilot, vo: "othervo" }
const carol: Caller = { name: "carol", vo: "othervo" }

describeEachBackend("pilots", (backend) => {
  const database = useDatabase(backend)
  const service = () => serviceOn(database.sql)
  const newStamp = () => randomUUID().replaceAll("-", "")

  const register = (body: object, as: Caller = admin) =>
    service().call("POST", "/api/pilots/", { as, body: { vo: "testvo", ...body } })
  const registered = async (body: object = {}) => {
    const pilot_stamp = newStamp()
    expect((await register({ pilot_stamp, ...body })).status).toBe(201)
    return pilot_stamp
  }
  const update = (body: object | string, as: Caller = admin) =>
    service().call("PATCH", "/api/pilots/metadata", { as, body })
  const search = (conditions: object[], as: Caller = admin) =>
    service().call("POST", "/api/pilots/search", { as, body: { search: conditions } })
  const withStamps = (...values: string[]) => [{ parameter: "PilotStamp", operator: "in", values }]
  const pilotOf = async (stamp: string) => (await search(withStamps(stamp))).body[0]

  it("are gone through page by page, whatever they are sorted by", async () => {
    const stamps: string[] = []
    for (const BenchMark of [1.1, 0.1 + 0.2, -2.5e-7, 1.1, 1e22, 0.3, 1.1]) {
      const stamp = await registered()
      expect((await update({ [stamp]: { BenchMark } })).status).toBe(204)
      stamps.push(stamp)
    }
    const searchPage = (query: string, body: object) =>
      service().call("POST", `/api/pilots/search?${query}`, { as: admin, body })
    for (const parameter of ["BenchMark", "AccountingSent", "LastUpdateTime", "GridSite"]) {
      for (const direction of ["asc", "desc"]) {
        const body = { search: withStamps(...stamps), sort: [{ parameter, direction }] }
        const whole = await searchPage("", body)
        expect(whole.body).toHaveLength(stamps.length)
        expect(await walk(searchPage, body, "per_page=2&cursor=")).toEqual(whole.body)
      }
    }
  })

  it("are registered with what a site director knows of them", async () => {
    const stamp = newStamp()
    const answer = await register({
      pilot_stamp: stamp,
      grid_type: "HTCondorCE",
      grid_site: "LCG.CERN.ch",
      destination_site: "ce1.cern.ch",
      pilot_reference: "htcondorce://ce1/1",
      pilot_status: "Waiting",
    })
    expect(answer).toMatchObject({ status: 201, body: null })
    expect(await pilotOf(stamp)).toMatchObject({
      PilotStamp: stamp,
      VO: "testvo",
      GridType: "HTCondorCE",
      GridSite: "LCG.CERN.ch",
      DestinationSite: "ce1.cern.ch",
      PilotJobReference: "htcondorce://ce1/1",
      Status: "Waiting",
    })
  })

  it("are registered by their stamp alone", async () => {
    const stamp = await registered()
    const { PilotID, SubmissionTime, LastUpdateTime, ...row } = await pilotOf(stamp)
    expect(PilotID).toBeGreaterThan(0)
    expect(Date.parse(SubmissionTime)).toBe(Date.parse(LastUpdateTime))
    expect(row).toEqual({
      PilotStamp: stamp,
      PilotJobReference: stamp,
      VO: "testvo",
      GridType: "DIRAC",
      GridSite: "Unknown",
      DestinationSite: "NotAssigned",
      Queue: "Unknown",
      Status: "Submitted",
      StatusReason: "Unknown",
      BenchMark: 0,
      AccountingSent: false,
      InitialJobID: 0,
      CurrentJobID: 0,
    })
  })

  it("have a stamp of their own, however many register it at once", async () => {
    const stamp = newStamp()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => register({ pilot_stamp: stamp })),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expect(statuses.filter((status) => status === 409)).toHaveLength(7)
    expect((await search(withStamps(stamp))).body).toHaveLength(1)
  })

  it("are not registered with a stamp that DIRAC has given", async () => {
    const stamp = newStamp()
    await storePilot(database.sql, stamp, [4711], instant("2026-11-01T12:00:00Z"))
    expect(await register({ pilot_stamp: stamp })).toMatchObject({
      status: 409,
      body: { detail: `Pilot with stamp '${stamp}' already exists` },
    })
  })

  it("are registered for a VO of the configuration", async () => {
    expect(await register({ pilot_stamp: newStamp(), vo: "novo" })).toMatchObject({
      status: 400,
      body: { detail: "VO 'novo' is not registered in this installation." },
    })
  })

  it("register themselves in their own VO", async () => {
    const stamp = newStamp()
    expect((await register({ pilot_stamp: stamp }, pilot)).status).toBe(201)
    expect(await register({ pilot_stamp: newStamp() }, pilotOfOtherVo)).toMatchObject({
      status: 403,
      body: { detail: "Pilots can only be registered for your own VO." },
    })
  })

  it("are not managed by users", async () => {
    const stamp = await registered()
    const refused = {
      status: 403,
      body: { detail: "Insufficient permissions to manage pilots." },
    }
    expect(await register({ pilot_stamp: newStamp() }, alice)).toMatchObject(refused)
    expect(await update({ [stamp]: { Status: "Done" } }, alice)).toMatchObject(refused)
    expect(await pilotOf(stamp)).toMatchObject({ Status: "Submitted" })
  })

  it.each([
    ["an empty stamp", { pilot_stamp: "" }, "pilot_stamp"],
    ["a long stamp", { pilot_stamp: "x".repeat(33) }, "pilot_stamp"],
    ["an unknown status", { pilot_stamp: "s", pilot_status: "Happy" }, "pilot_status"],
    ["an unknown field", { pilot_stamp: "s", colour: "red" }, "colour"],
  ])("are not registered with %s", async (_, body, field) => {
    const answer = await register(body)
    expect(answer.status).toBe(422)
    expect(answer.body.detail[0].loc).toEqual(["body", field])
  })

  it("change, each in its own way", async () => {
    const [first, second] = [await registered(), await registered()]
    const body = {
      [first]: { Status: "Running", CurrentJobID: 12, AccountingSent: true, BenchMark: 9.5 },
      [second]: { StatusReason: "no work", Queue: "long" },
    }
    expect((await update(body)).status).toBe(204)
    expect(await pilotOf(first)).toMatchObject({
      Status: "Running",
      StatusReason: "Unknown",
      CurrentJobID: 12,
      AccountingSent: true,
      BenchMark: 9.5,
    })
    expect(await pilotOf(second)).toMatchObject({
      Status: "Submitted",
      StatusReason: "no work",
      Queue: "long",
      AccountingSent: false,
    })
  })

  it.each([2 ** 31, -(2 ** 31) - 1, "9007199254740991"])(
    "do not run a job whose id is %j",
    async (CurrentJobID) => {
      const stamp = await registered()
      const answer = await update({ [stamp]: { CurrentJobID, Status: "Running" } })
      expect(answer.status).toBe(422)
      expect(answer.body.detail[0].loc).toEqual(["body", stamp, "CurrentJobID"])
      expect(await pilotOf(stamp)).toMatchObject({ Status: "Submitted" })
      expect((await update({ [stamp]: { CurrentJobID: 2 ** 31 - 1 } })).status).toBe(204)
    },
  )

  it("may have an odd name, which is no name of a field", async () => {
    expect((await register({ pilot_stamp: "__proto__" })).status).toBe(201)
    expect(await pilotOf("__proto__")).toMatchObject({ PilotStamp: "__proto__" })
    expect((await register({ pilot_stamp: "__proto__" })).status).toBe(409)
    expect((await update('{"__proto__": {"Status": "Done"}}')).status).toBe(400)
    expect(await pilotOf("__proto__")).toMatchObject({ Status: "Submitted" })
  })

  it("change themselves, one a call", async () => {
    const [first, second] = [await registered(), await registered()]
    expect((await update({ [first]: { Status: "Running" } }, pilot)).status).toBe(204)
    const both = { [first]: { Status: "Done" }, [second]: { Status: "Done" } }
    expect(await update(both, pilot)).toMatchObject({
      status: 403,
      body: { detail: "Insufficient permissions to modify more than one pilot." },
    })
    expect(await update({ [first]: { Status: "Done" } }, pilotOfOtherVo)).toMatchObject({
      status: 403,
      body: { detail: "Insufficient permissions to access all of the provided pilots." },
    })
    expect(await pilotOf(first)).toMatchObject({ Status: "Running" })
  })

  it("change all, or none when one is unknown", async () => {
    const stamp = await registered()
    const body = { [stamp]: { Status: "Done" }, [newStamp()]: { Status: "Done" } }
    expect(await update(body)).toMatchObject({
      status: 404,
      body: { detail: "At least one pilot does not exist." },
    })
    expect(await pilotOf(stamp)).toMatchObject({ Status: "Submitted" })
  })

  it("are seen by their VO, and by a service administrator", async () => {
    const [ours, theirs] = [await registered(), await registered({ vo: "othervo" })]
    const seenBy = async (as: Caller) =>
      (await search(withStamps(ours, theirs), as)).body.map(
        (row: { PilotStamp: string }) => row.PilotStamp,
      )
    expect(await seenBy(alice)).toEqual([ours])
    expect(await seenBy(carol)).toEqual([theirs])
    expect(await seenBy(admin)).toEqual([ours, theirs])
  })

  it("do not read of each other", async () => {
    const refused = {
      status: 403,
      body: { detail: "Pilots cannot read other pilots' metadata." },
    }
    expect(await search([], pilot)).toMatchObject(refused)
    expect(
      await service().call("POST", "/api/pilots/summary", {
        as: pilot,
        body: { grouping: ["Status"] },
      }),
    ).toMatchObject(refused)
  })

  it("are found by the jobs that ran on them", async () => {
    const stamp = newStamp()
    await storePilot(database.sql, stamp, [90_001, 90_002], instant("2026-11-01T12:00:00Z"))
    const byJob = (operator: string, condition: object) =>
      search([{ parameter: "JobID", operator, ...condition }], alice)
    const found = { status: 200, body: [{ PilotStamp: stamp }] }
    expect(await byJob("eq", { value: 90_001 })).toMatchObject(found)
    expect(await byJob("in", { values: ["90001", 90_002] })).toMatchObject(found)
    expect(await byJob("eq", { value: 90_003 })).toMatchObject({ status: 200, body: [] })
    expect(await byJob("gt", { value: 1 })).toMatchObject({
      status: 400,
      body: {
        detail: "Operator 'gt' is not supported on the 'JobID' pseudo-parameter; use 'eq' or 'in'.",
      },
    })
    expect(await byJob("eq", { value: "many" })).toMatchObject({
      status: 400,
      body: { detail: "'JobID' pseudo-parameter values must be integers." },
    })
  })

  it("are given page by page", async () => {
    const stamps = [await registered(), await registered(), await registered()]
    const pageOf = (page: number) =>
      service().call("POST", `/api/pilots/search?page=${page}&per_page=2`, {
        as: alice,
        body: { parameters: ["PilotStamp"], search: withStamps(...stamps) },
      })
    const second = await pageOf(2)
    expect(second).toMatchObject({ status: 206, body: [{ PilotStamp: stamps[2] }] })
    expect(second.headers.get("content-range")).toBe("pilots 2-2/3")
    expect((await pageOf(3)).status).toBe(416)
  })

  it("are counted by group", async () => {
    const destination_site = newStamp()
    await registered({ destination_site })
    await registered({ destination_site, pilot_status: "Failed" })
    await registered({ destination_site, pilot_status: "Failed" })
    const answer = await service().call("POST", "/api/pilots/summary", {
      as: alice,
      body: {
        grouping: ["Status"],
        search: [{ parameter: "DestinationSite", operator: "eq", value: destination_site }],
      },
    })
    expect(answer.status).toBe(200)
    expect(answer.body).toHaveLength(2)
    expect(answer.body).toEqual(
      expect.arrayContaining([
        { Status: "Submitted", count: 1 },
        { Status: "Failed", count: 2 },
      ]),
    )
  })
})
