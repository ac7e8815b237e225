import { expect, it } from "vitest"
import { describeEachDocumentStore, useDocuments } from "../../support/document-stores.ts"
import { admin, alice, pilot, type Json } from "../../support/service.ts"

const LINES = 100_000
const BATCH = 10_000

describeEachDocumentStore("a pilot's log of 100,000 lines", (backend) => {
  const store = useDocuments(backend)

  it("is written, paged and searched", { timeout: 240_000 }, async () => {
    const call = store.service().call
    const stamp = "a".repeat(32)
    const registration = { pilot_stamp: stamp, vo: "testvo" }
    await call("POST", "/api/pilots/", { as: admin, body: registration })
    for (let first = 0; first < LINES; first += BATCH) {
      const body = { [stamp]: Array.from({ length: BATCH }, (_, i) => lineOf(first + i)) }
      expect((await call("POST", "/api/pilots/logs", { as: pilot, body })).status).toBe(204)
    }
    await store.settle()

    const search = [{ parameter: "PilotStamp", operator: "eq", value: stamp }]
    const ask = (query: string, more: object = {}) =>
      call("POST", `/api/pilots/logs/search?${query}`, { as: alice, body: { search, ...more } })
    let next = 0
    let query: string | undefined = `per_page=${BATCH}`
    while (query !== undefined) {
      const { body, headers }: { body: Json; headers: Headers } = await ask(query, {
        parameters: ["Sequence"],
      })
      for (const { Sequence } of body) if (Sequence === next) next++
      query = /<\?(.*)>; rel="next"/.exec(headers.get("link") ?? "")?.[1]
    }
    expect(next).toBe(LINES)

    const errors = await ask("per_page=100", { text: "failed attempt", parameters: ["Sequence"] })
    expect(errors.headers.get("content-range")).toBeNull()
    expect(errors.body.map((row: Json) => row.Sequence)).toEqual(
      Array.from({ length: 10 }, (_, i) => i * 10_000 + 77),
    )
    const counted = await ask("per_page=1")
    expect(counted.headers.get("content-range")).toBe(`lines 0-0/${LINES}`)
  })
})

function lineOf(sequence: number) {
  const time = new Date(Date.UTC(2026, 10, 21) + sequence * 10).toISOString()
  const text =
    sequence % 10_000 === 77
      ? `Attempt ${sequence} to reach the storage element failed`
      : `Line ${sequence}: the payload goes on with its work on the worker node`
  return { sequence, time, severity: sequence % 10_000 === 77 ? "ERROR" : "INFO", text }
}
