import { randomUUID } from "node:crypto"
import { expect, it } from "vitest"
import { instant } from "@spinor/core/instant"
import { describeEachDocumentStore, useDocuments } from "../../support/document-stores.ts"
import { registeredPilot } from "../../support/registered-pilot.ts"
import { admin, alice, carol, pilot, type Caller, type Json } from "../../support/service.ts"
import { storePilot } from "../../support/stored-jobs.ts"

describeEachDocumentStore("logs of pilots", (backend) => {
  const store = useDocuments(backend)
  const register = (vo?: string) => registeredPilot(store.service(), vo)
  const add = (body: unknown, as: Caller = pilot) =>
    store.service().call("POST", "/api/pilots/logs", { as, body })
  const search = async (
    stamp: string | string[],
    { as = alice, query = "", conditions = [], ...more }: Asked = {},
  ) => {
    await store.settle()
    const ofPilot = { parameter: "PilotStamp", operator: "in", values: [stamp].flat() }
    const body = { search: [ofPilot, ...conditions], ...more }
    return await store.service().call("POST", `/api/pilots/logs/search?${query}`, { as, body })
  }
  const sequences = ({ body }: { body: Json }) => body.map((row: Json) => row.Sequence)
  const textsOf = async (stamp: string, text: string) =>
    (await search(stamp, { text })).body.map((row: Json) => row.Text)

  it("are read back in the order of the lines' numbers, however they came", async () => {
    const stamp = await register()
    const late = [line(3, "third", { severity: "ERROR" }), line(10, "tenth")]
    expect(await add({ [stamp]: late })).toMatchObject({ status: 204, body: "" })
    await add({ [stamp]: [line(1, "first"), line(2, "second 💥\té")] })
    const { status, body } = await search(stamp)
    expect(status).toBe(200)
    expect(body).toEqual(
      [
        [1, "first", "INFO"],
        [2, "second 💥\té", "INFO"],
        [3, "third", "ERROR"],
        [10, "tenth", "INFO"],
      ].map(([Sequence, Text, Severity]) => ({
        PilotID: expect.any(Number),
        PilotStamp: stamp,
        VO: "testvo",
        Time: timeOf(Number(Sequence)).replace(/\.000Z/, "Z"),
        Sequence,
        Severity,
        Text,
      })),
    )
  })

  it("hold a line once that is sent again, as it was first", async () => {
    const stamp = await register()
    await add({ [stamp]: [line(1, "once"), line(2, "two")] })
    expect((await add({ [stamp]: [line(2, "changed"), line(3, "three")] })).status).toBe(204)
    const { body } = await search(stamp, { parameters: ["Text"] })
    expect(body).toEqual([{ Text: "once" }, { Text: "two" }, { Text: "three" }])
  })

  it("are taken of a stamp that DIRAC has given to two pilots", async () => {
    const stamp = randomUUID().replaceAll("-", "")
    for (const jobId of [1, 2]) await storePilot(store.database.sql, stamp, [jobId], AT)
    expect((await add({ [stamp]: [line(1, "once")] })).status).toBe(204)
    expect((await search(stamp, { parameters: ["Text"] })).body).toEqual([{ Text: "once" }])
  })

  it("hold a line once of two with one number in one batch", async () => {
    const stamp = await register()
    expect((await add({ [stamp]: [line(1, "first"), line(1, "again")] })).status).toBe(204)
    expect((await search(stamp, { parameters: ["Text"] })).body).toEqual([{ Text: "first" }])
  })

  it("are taken of as many lines and as long a body as the service takes", async () => {
    const stamp = await register()
    const lines = Array.from({ length: 10_000 }, (_, i) => line(i, 'é"'.repeat(200)))
    expect((await add({ [stamp]: lines })).status).toBe(204)
  })

  it("are filtered by severity and time", async () => {
    const stamp = await register()
    const severities = ["DEBUG", "INFO", "WARN", "ERROR", "FATAL"]
    const lines = severities.map((severity, i) => line(i, severity, { severity }))
    await add({ [stamp]: lines })
    const bad = { parameter: "Severity", operator: "in", values: ["ERROR", "FATAL"] }
    expect(sequences(await search(stamp, { conditions: [bad] }))).toEqual([3, 4])
    const since = { parameter: "Time", operator: "gt", value: "2026-11-21 10:00:01" }
    expect(sequences(await search(stamp, { conditions: [since] }))).toEqual([2, 3, 4])
    const until = { parameter: "Time", operator: "lt", value: "2026-11-21T10:00:04" }
    expect(sequences(await search(stamp, { conditions: [since, until] }))).toEqual([2, 3])
  })

  it("are searched by words, in whatever order and case", async () => {
    const stamp = await register()
    const texts = [
      "Checking CVMFS on wn-12.cern.ch: OK",
      "cvmfs failed: ENOENT (/cvmfs/lhcb.cern.ch)",
      "Fetching the payload_wrapper 100% éclair",
      "nothing at all",
      "ΟΔΟΣ İstanbul",
    ]
    await add({ [stamp]: texts.map((text, i) => line(i, text)) })
    expect(await textsOf(stamp, "cvmfs")).toEqual(texts.slice(0, 2))
    expect(await textsOf(stamp, "CERN wn")).toEqual(texts.slice(0, 1))
    expect(await textsOf(stamp, "lhcb.cern.ch")).toEqual(texts.slice(1, 2))
    expect(await textsOf(stamp, "payload_wrapper")).toEqual(texts.slice(2, 3))
    expect(await textsOf(stamp, "payload")).toEqual([])
    expect(await textsOf(stamp, "Éclair")).toEqual(texts.slice(2, 3))
    expect(await textsOf(stamp, "100%")).toEqual(texts.slice(2, 3))
    expect(await textsOf(stamp, "cvmf_")).toEqual([])
    for (const text of ["ΟΔΟΣ", "οδοσ", "İstanbul", "istanbul"]) {
      expect(await textsOf(stamp, text)).toEqual(texts.slice(4))
    }
    expect(await search(stamp, { text: "--- !" })).toMatchObject({
      status: 400,
      body: { detail: "The text to search for holds no words" },
    })
  })

  it("are gone through by the link of each page, forwards and backwards", async () => {
    const stamp = await register()
    await add({ [stamp]: Array.from({ length: 25 }, (_, i) => line(i, `line ${i}`)) })
    const pages = async (more: Asked) => {
      const found: number[] = []
      let query: string | undefined = "per_page=10"
      for (let page = 0; query !== undefined && page < 5; page++) {
        const answer = await search(stamp, { ...more, query })
        found.push(...sequences(answer))
        query = /<\?(.*)>; rel="next"/.exec(answer.headers.get("link") ?? "")?.[1]
      }
      return found
    }
    const all = Array.from({ length: 25 }, (_, i) => i)
    expect(await pages({})).toEqual(all)
    const backwards = [{ parameter: "Sequence", direction: "desc" }]
    expect(await pages({ sort: backwards })).toEqual(all.toReversed())
    const byTime = [{ parameter: "Time", direction: "desc" }]
    expect(await pages({ sort: byTime })).toEqual(all.toReversed())
  })

  it("are taken of 10,000 lines in one call, and not of more", async () => {
    const stamp = await register()
    const lines = Array.from({ length: 10_001 }, (_, i) => line(i, `Line ${i} of a long log`))
    expect((await add({ [stamp]: lines })).status).toBe(422)
    expect((await add({ [stamp]: lines.slice(1) })).status).toBe(204)
    const { headers } = await search(stamp, { query: "per_page=1" })
    expect(headers.get("content-range")).toBe("lines 0-0/10000")
  })

  it.each([
    ["a severity that there is not", line(1, "x", { severity: "BAD" })],
    ["a negative number", line(-1, "x")],
    ["a line that is too long", line(1, "x".repeat(8193))],
    ["a time without a zone", { ...line(1, "x"), time: "2026-11-21T10:00:00" }],
    ["a field that there is not", { ...line(1, "x"), more: 1 }],
  ])("with %s are refused", async (_, bad) => {
    const stamp = await register()
    expect((await add({ [stamp]: [line(0, "good"), bad] })).status).toBe(422)
    expect((await search(stamp)).body).toEqual([])
  })

  it("are written by a pilot of one registered stamp of its own VO a call", async () => {
    const [one, other, foreign] = [await register(), await register(), await register("othervo")]
    const lines = [line(1, "x")]
    expect((await add({ [one]: lines, [other]: lines })).status).toBe(403)
    expect((await add({ [foreign]: lines })).status).toBe(403)
    expect((await add({ unknown: lines })).status).toBe(404)
    expect((await add({ [one]: lines }, alice)).status).toBe(403)
    expect((await search([one, other, foreign], { as: admin })).body).toEqual([])
    expect((await add({ [one]: lines, [foreign]: lines }, admin)).status).toBe(204)
  })

  it("are shown to the VO of the pilot, but to no pilot", async () => {
    const [ours, theirs] = [await register(), await register("othervo")]
    await add({ [ours]: [line(1, "a")], [theirs]: [line(1, "b")] }, admin)
    const seenBy = async (as: Caller) =>
      (await search([ours, theirs], { as })).body.map((row: Json) => row.Text)
    expect(await seenBy(alice)).toEqual(["a"])
    expect(await seenBy(carol)).toEqual(["b"])
    expect((await search(ours, { as: pilot })).status).toBe(403)
  })
})

const AT = instant("2026-11-21T10:00:00Z")

interface Asked {
  readonly as?: Caller
  readonly query?: string
  readonly conditions?: readonly object[]
  readonly parameters?: readonly string[]
  readonly sort?: readonly object[]
  readonly text?: string
}

const timeOf = (sequence: number): string =>
  new Date(Date.UTC(2026, 10, 21, 10, 0, sequence)).toISOString()

function line(sequence: number, text: string, more: object = {}) {
  return { sequence, time: timeOf(Math.max(0, sequence)), text, ...more }
}
