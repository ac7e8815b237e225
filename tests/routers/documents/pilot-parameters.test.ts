import { randomUUID } from "node:crypto"
import { expect, it } from "vitest"
import { describeEachDocumentStore, useDocuments } from "../../support/document-stores.ts"
import { registeredPilot } from "../../support/registered-pilot.ts"
import { admin, alice, carol, pilot, type Caller, type Json } from "../../support/service.ts"

describeEachDocumentStore("parameters of pilots", (backend) => {
  const store = useDocuments(backend)
  const register = (vo?: string) => registeredPilot(store.service(), vo)
  const patch = (body: unknown, as: Caller = admin) =>
    store.service().call("PATCH", "/api/pilots/parameters", { as, body })
  const search = async (body: unknown, as: Caller = admin) => {
    await store.settle()
    return await store.service().call("POST", "/api/pilots/parameters/search", { as, body })
  }
  const of = (...values: string[]) => ({
    search: [{ parameter: "PilotStamp", operator: "in", values }],
  })

  it("are laid over those that are there, and tell whose they are", async () => {
    const stamp = await register()
    const first = { HostName: "wn1.cern.ch", NumberOfProcessors: "8", Own: { a: 1 } }
    expect(await patch({ [stamp]: first })).toMatchObject({ status: 204, body: "" })
    await patch({ [stamp]: { HostName: null, "Memory(MB)": 16_000, Own: { b: 2 }, VO: "othervo" } })
    expect((await search(of(stamp))).body).toEqual([
      {
        PilotID: expect.any(Number),
        PilotStamp: stamp,
        VO: "testvo",
        timestamp: expect.stringMatching(/^2\d{3}-.*Z$/),
        HostName: "wn1.cern.ch",
        NumberOfProcessors: 8,
        "Memory(MB)": 16_000,
        Own: { a: 1, b: 2 },
      },
    ])
  })

  it("are written of many pilots at once by a service administrator, of one by a pilot", async () => {
    const [one, other] = [await register(), await register()]
    const both = { [one]: { GridCE: "ce1" }, [other]: { GridCE: "ce2" } }
    expect((await patch(both, pilot)).status).toBe(403)
    expect((await patch(both, admin)).status).toBe(204)
    expect((await patch({ [one]: { GridCE: "ce3" } }, pilot)).status).toBe(204)
    const { body } = await search({ ...of(one, other), parameters: ["GridCE"] })
    expect(body).toEqual([{ GridCE: "ce3" }, { GridCE: "ce2" }])
  })

  it.each([
    ["a pilot that is not there", () => ({ [randomUUID().slice(0, 30)]: { GridCE: "x" } }), 404],
    ["a number that is none", (stamp: string) => ({ [stamp]: { "Memory(MB)": "much" } }), 422],
    ["what no index takes", (stamp: string) => ({ [stamp]: { "PilotID.x": 1 } }), 400],
    ["a pilot and one that is not there", (s: string) => ({ [s]: { GridCE: "x" }, no: {} }), 404],
  ])("of %s are refused, and nothing is stored", async (_, body, status) => {
    const stamp = await register()
    expect((await patch(body(stamp))).status).toBe(status)
    expect((await search(of(stamp))).body).toEqual([])
  })

  it("are shown to the VO of the pilot, but to no pilot, and to a service administrator", async () => {
    const [ours, theirs] = [await register(), await register("othervo")]
    await patch({ [ours]: { GridCE: "a" }, [theirs]: { GridCE: "b" } })
    const seenBy = async (as: Caller) =>
      (await search(of(ours, theirs), as)).body.map((row: Json) => row.PilotStamp)
    expect(await seenBy(alice)).toEqual([ours])
    expect(await seenBy(carol)).toEqual([theirs])
    expect(await seenBy(admin)).toEqual([ours, theirs])
    expect((await search(of(ours), pilot)).status).toBe(403)
  })

  it("are written by no pilot of another VO", async () => {
    const stamp = await register()
    const foreign = { ...pilot, vo: "othervo" }
    expect((await patch({ [stamp]: { GridCE: "x" } }, foreign)).status).toBe(403)
    expect((await search(of(stamp))).body).toEqual([])
  })
})
