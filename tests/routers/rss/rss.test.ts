import { randomUUID } from "node:crypto"
import { expect, it } from "vitest"
import { instant, type Instant } from "@spinor/core/instant"
import { describeEachBackend } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { alice, carol, pilot, serviceOn, type Caller } from "../../support/service.ts"
import { storeStatuses, type StoredStatus } from "../../support/stored-statuses.ts"

const SE_ACCESS = ["ReadAccess", "WriteAccess", "CheckAccess", "RemoveAccess"]

describeEachBackend("resource status", (backend) => {
  const database = useDatabase(backend)
  const store = (...statuses: StoredStatus[]) => storeStatuses(database.sql, statuses)
  const get = (kind: string, as: Caller = alice, headers: Record<string, string> = {}) =>
    serviceOn(database.sql).call("GET", `/api/rss/${kind}`, { as, headers })
  const newName = (prefix: string) => `${prefix}-${randomUUID().slice(0, 8)}`

  it.each([
    ["Active", "fine", { allowed: true, warnings: null }],
    ["Degraded", "slow", { allowed: true, warnings: "slow" }],
    ["Degraded", "", { allowed: true, warnings: "Degraded" }],
    ["Banned", "down", { allowed: false, reason: "down" }],
    ["Probing", "", { allowed: false, reason: "Probing" }],
    ["Error", "broken", { allowed: false, reason: "broken" }],
    ["Unknown", "", { allowed: false, reason: "Unknown" }],
    ["Dancing", "why not", { allowed: false, reason: "Unknown status: Dancing" }],
  ])("says of a CE that is %s (%j) that it is %j", async (status, reason, all) => {
    const name = newName("ce")
    await store({ name, elementType: "ComputeElement", status, reason })
    expect((await get("compute")).body[name]).toEqual({ all })
  })

  it("tells sites, CEs, SEs and FTS servers apart", async () => {
    const [site, ce, fts, se] = [newName("LCG"), newName("ce"), newName("fts"), newName("SE")]
    await store(
      { table: "siteStatus", name: site, elementType: "Site", status: "Active" },
      { name: ce, elementType: "ComputeElement", status: "Active" },
      { name: fts, elementType: "FTS", status: "Active" },
      ...SE_ACCESS.map((statusType) => ({
        name: se,
        elementType: "StorageElement",
        statusType,
        status: statusType === "WriteAccess" ? "Banned" : "Active",
        reason: "full",
      })),
    )
    const allowed = { allowed: true, warnings: null }
    const lists = Object.fromEntries(
      await Promise.all(
        ["site", "compute", "fts", "storage"].map(async (kind) => {
          const { body } = await get(kind)
          return [kind, [site, ce, fts, se].filter((name) => name in body)]
        }),
      ),
    )
    expect(lists).toEqual({ site: [site], compute: [ce], fts: [fts], storage: [se] })
    expect((await get("storage")).body[se]).toEqual({
      read: allowed,
      write: { allowed: false, reason: "full" },
      check: allowed,
      remove: allowed,
    })
  })

  it("leaves out an SE of which it does not know every access", async () => {
    const name = newName("SE")
    await store({ name, elementType: "StorageElement", statusType: "ReadAccess", status: "Active" })
    expect((await get("storage")).body).not.toHaveProperty(name)
  })

  it("lets what a VO says of an element win over what holds for all", async () => {
    const [name, theirs] = [newName("LCG"), newName("LCG")]
    await store(
      { table: "siteStatus", name, vo: "all", status: "Active" },
      { table: "siteStatus", name, vo: "testvo", status: "Banned", reason: "by us" },
      { table: "siteStatus", name: theirs, vo: "othervo", status: "Active" },
    )
    const ours = (await get("site", alice)).body
    expect(ours[name]).toEqual({ all: { allowed: false, reason: "by us" } })
    expect(ours).not.toHaveProperty(theirs)
    const other = (await get("site", carol)).body
    expect(other[name]).toEqual({ all: { allowed: true, warnings: null } })
    expect(other).toHaveProperty(theirs)
  })

  it.each(["ALL", " ", "TestVO"])("takes the VO %j for no other one", async (vo) => {
    const name = newName("LCG")
    await store({ table: "siteStatus", name, vo, status: "Active" })
    expect((await get("site")).body).not.toHaveProperty(name)
  })

  it("may be read by pilots too", async () => {
    expect((await get("site", pilot)).status).toBe(200)
  })
})

describeEachBackend("caching of resource status", (backend) => {
  const database = useDatabase(backend)
  const store = (status: StoredStatus) => storeStatuses(database.sql, [status])
  const get = (as: Caller = alice, headers: Record<string, string> = {}) =>
    serviceOn(database.sql).call("GET", "/api/rss/fts", { as, headers })
  const server = (name: string, dateEffective: Instant) =>
    store({ name, elementType: "FTS", status: "Active", dateEffective })

  it("spares a client what it has, until something changes", async () => {
    const empty = await get()
    expect(empty).toMatchObject({ status: 200, body: {} })
    expect(empty.headers.get("etag")).toBe("empty-0-testvo")
    expect(empty.headers.get("last-modified")).toBe("Thu, 01 Jan 1970 00:00:00 GMT")

    await server("fts-1", instant("2026-11-01T12:00:00Z"))
    const first = await get()
    const etag = first.headers.get("etag") ?? ""
    expect(etag).toBe("2026-11-01T12:00:00+00:00-1-testvo")
    expect(first.headers.get("last-modified")).toBe("Sun, 01 Nov 2026 12:00:00 GMT")
    expect(first.headers.get("vary")).toContain("Authorization")

    for (const tag of [etag, `"${etag}"`]) {
      expect(await get(alice, { "if-none-match": tag })).toMatchObject({ status: 304 })
    }
    expect((await get(carol, { "if-none-match": etag })).status).toBe(200)

    await server("fts-2", instant("2026-11-01T11:00:00Z"))
    const second = await get(alice, { "if-none-match": etag })
    expect(second.status).toBe(200)
    expect(second.headers.get("etag")).toBe("2026-11-01T12:00:00+00:00-2-testvo")
  })
})
