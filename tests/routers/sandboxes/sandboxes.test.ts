import { expect, it } from "vitest"
import { instant } from "@spinor/core/instant"
import { withoutSe } from "@spinor/core/sandboxes/pfn"
import { describeEachBackend, dialectOf } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { admin, alice, bob, carol, pilot, serviceOn, type Caller } from "../../support/service.ts"
import { announced, registered, storedSandboxes } from "../../support/stored-sandboxes.ts"

describeEachBackend("sandboxes", (backend) => {
  const database = useDatabase(backend)
  const service = () => serviceOn(database.sql)
  const stored = () => storedSandboxes(database.sql)
  const newSandbox = (as: Caller = alice) => registered(service(), as)

  const initiate = (body: object, as: Caller = alice) =>
    service().call("POST", "/api/jobs/sandbox", { as, body })
  const download = (pfn: string, as: Caller = alice) =>
    service().call("GET", `/api/jobs/sandbox?${new URLSearchParams({ pfn }).toString()}`, { as })

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

  it("of users whose names differ in case are each their own, also at once", async () => {
    const body = announced()
    const callers = [alice, { name: "Alice" }]
    const answers = await Promise.all(callers.map((as) => initiate(body, as)))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual(
      dialectOf(backend) === "mysql" ? [200, 400] : [200, 200],
    )
    const taken = answers.filter(({ status }) => status === 200)
    for (const answer of taken) {
      expect(await stored().row(withoutSe(answer.body.pfn))).toMatchObject({
        pfn: withoutSe(answer.body.pfn),
      })
    }
  })

  it("are the same in whichever case their checksum is announced, also at once", async () => {
    const { checksum, ...body } = announced()
    const spellings = [checksum.toUpperCase(), checksum.toLowerCase()]
    const answers = await Promise.all(
      spellings.map((spelling) => initiate({ ...body, checksum: spelling })),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    if (dialectOf(backend) === "mysql") expect(answers[0]?.body.pfn).toBe(answers[1]?.body.pfn)
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
    const { sandboxStore } = service().deps
    const named = { ...sandboxStore, seName: "S".repeat(64), bucket: "b".repeat(63) }
    const { call } = serviceOn(database.sql, { sandboxStore: named })
    const initiateAs = (name: string) =>
      call("POST", "/api/jobs/sandbox", { as: { name }, body: announced() })
    const { body: short } = await initiateAs("n")
    const longest = "n".repeat(1 + 256 - short.pfn.length)
    const { body: taken } = await initiateAs(longest)
    expect(taken.pfn).toHaveLength(256)
    const query = new URLSearchParams({ pfn: taken.pfn }).toString()
    const download = await call("GET", `/api/jobs/sandbox?${query}`, { as: { name: longest } })
    expect(download.status).toBe(200)
    expect(await initiateAs(`${longest}n`)).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/^No PFN can be made/) },
    })
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
})
