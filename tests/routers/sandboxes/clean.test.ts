import { randomBytes } from "node:crypto"
import { expect, it } from "vitest"
import { plusSeconds } from "@spinor/core/instant"
import { UnavailableError } from "@spinor/core/errors"
import { cleanSandboxes } from "@spinor/logic/sandboxes/clean"
import { describeEachBackend } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { describeEachStore } from "../../support/sandbox-stores.ts"
import { alice, serviceOn, settings, testClock, type Caller } from "../../support/service.ts"
import { storeJobs } from "../../support/stored-jobs.ts"
import { announced, registered, storedSandboxes } from "../../support/stored-sandboxes.ts"

const DAY = 86_400

describeEachBackend("cleaning up sandboxes", (backend) => {
  const database = useDatabase(backend)
  const service = () => serviceOn(database.sql)
  const stored = () => storedSandboxes(database.sql)
  const aged = async (days: number): Promise<string> => {
    const pfn = await registered(service())
    await stored().age(pfn, plusSeconds(service().deps.clock(), -days * DAY))
    return pfn
  }
  const isThere = async (pfn: string) => (await stored().row(pfn)) !== undefined
  const clean = () => cleanSandboxes(service().deps)

  it("removes what no job has got and nobody has wanted for 15 days", async () => {
    const [old, young] = [await aged(15.01), await aged(14.99)]
    expect(await clean()).toEqual({ removed: 1, left: 0 })
    expect([await isThere(old), await isThere(young)]).toEqual([false, true])
    expect(await clean()).toEqual({ removed: 0, left: 0 })
  })

  it("leaves what a job has, however old, and removes it when no job has it any more", async () => {
    const pfn = await aged(100)
    const [jobId = 0] = await storeJobs(database.sql, [{}])
    await stored().giveAsInput(pfn, jobId)
    expect(await clean()).toEqual({ removed: 0, left: 0 })
    await service().call("POST", "/api/jobs/sandbox/unassign", {
      as: { ...alice, properties: ["JobAdministrator"] },
      body: { job_ids: [jobId] },
    })
    expect(await clean()).toEqual({ removed: 1, left: 0 })
    expect(await isThere(pfn)).toBe(false)
  })

  it("removes very many, a part after the other", async () => {
    for (let i = 0; i < 510; i++) await aged(20)
    expect(await clean()).toEqual({ removed: 510, left: 0 })
  })

  it("keeps what it knows of those that the store did not remove", async () => {
    const [stays, goes] = [await aged(20), await aged(20)]
    const { deps } = service()
    const sandboxStore = {
      ...deps.sandboxStore,
      remove: async (keys: readonly string[]) => keys.filter((key) => stays.endsWith(key)),
    }
    expect(await cleanSandboxes({ ...deps, sandboxStore })).toEqual({ removed: 1, left: 1 })
    expect([await isThere(stays), await isThere(goes)]).toEqual([true, false])
    expect(await clean()).toEqual({ removed: 1, left: 0 })
  })

  it("forgets nothing while the store is away", async () => {
    const pfn = await aged(20)
    const { deps } = service()
    const remove = () => Promise.reject(new UnavailableError("away"))
    const sandboxStore = { ...deps.sandboxStore, remove }
    await expect(cleanSandboxes({ ...deps, sandboxStore })).rejects.toThrow("away")
    expect(await isThere(pfn)).toBe(true)
    await clean()
  })

  it("makes who wants to send a sandbox at this moment send it", async () => {
    const { deps, call } = service()
    const body = announced()
    const first = await call("POST", "/api/jobs/sandbox", { as: alice, body })
    await stored().age(first.body.pfn, plusSeconds(deps.clock(), -20 * DAY))
    const slow = {
      ...deps.sandboxStore,
      // It is still there when it is looked for, and cleaned away then.
      exists: async () => (await clean()).removed === 1,
    }
    const { call: callSlow } = serviceOn(database.sql, { sandboxStore: slow })
    const answer = await callSlow("POST", "/api/jobs/sandbox", { as: alice, body })
    expect(answer).toMatchObject({ status: 200, body: { pfn: first.body.pfn } })
    expect(answer.body.url).toMatch(/^http/)
    expect(await isThere(first.body.pfn)).toBe(true)
  })
})

describeEachStore("cleaning up", (useStore) => {
  const database = useDatabase("sqlite")
  const clock = testClock()
  const place = useStore(clock)

  it("removes the bytes, whatever the names of users and groups", async () => {
    const { call, deps } = serviceOn(database.sql, {
      clock,
      sandboxStore: place.store,
      settings: { ...settings, publicUrl: place.origin },
    })
    const as: Caller = { name: `a&b<c>"'é é`, group: "g+%;,=:" }
    const content = randomBytes(100)
    const { body } = await call("POST", "/api/jobs/sandbox", { as, body: announced(content) })
    const form = new FormData()
    for (const [name, value] of Object.entries<string>(body.fields)) form.append(name, value)
    form.append("file", new Blob([new Uint8Array(content)]), "file")
    expect((await fetch(body.url, { method: "POST", body: form })).status).toBe(204)

    const query = new URLSearchParams({ pfn: body.pfn }).toString()
    const { body: located } = await call("GET", `/api/jobs/sandbox?${query}`, { as })
    expect((await fetch(located.url)).status).toBe(200)
    const later = () => plusSeconds(clock(), 16 * DAY)
    expect(await cleanSandboxes({ ...deps, clock: later })).toEqual({ removed: 1, left: 0 })
    expect((await fetch(located.url)).status).toBe(404)
    expect(await call("POST", "/api/jobs/sandbox", { as, body: announced(content) })).toMatchObject(
      {
        body: { url: expect.stringMatching(/^http/) },
      },
    )
  })
})
