import { createHash, randomBytes } from "node:crypto"
import { expect, it } from "vitest"
import { useDatabase } from "../../support/database.ts"
import { describeEachStore } from "../../support/sandbox-stores.ts"
import { bob, serviceOn, settings, testClock } from "../../support/service.ts"

const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex")

describeEachStore("sandboxes", (useStore) => {
  const database = useDatabase("sqlite")
  const clock = testClock()
  const place = useStore(clock)
  const service = () =>
    serviceOn(database.sql, {
      clock,
      sandboxStore: place.store,
      settings: { ...settings, publicUrl: place.origin },
    })

  const initiate = async (content: Buffer, more: object = {}) => {
    const body = {
      checksum_algorithm: "sha256",
      checksum: sha256(content),
      size: content.length,
      format: "tar.zst",
      ...more,
    }
    const answer = await service().call("POST", "/api/jobs/sandbox", { as: bob, body })
    expect(answer.status).toBe(200)
    return answer.body as { pfn: string; url: string; fields: Record<string, string> }
  }
  const post = async (
    { url, fields }: { url: string; fields: Record<string, string> },
    content: Buffer,
  ) => {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    form.append("file", new Blob([new Uint8Array(content)]), "file")
    const response = await fetch(url, { method: "POST", body: form })
    await response.body?.cancel()
    return response.status
  }
  const locate = async (pfn: string) => {
    const query = new URLSearchParams({ pfn }).toString()
    const { status, body } = await service().call("GET", `/api/jobs/sandbox?${query}`, { as: bob })
    expect(status).toBe(200)
    expect(body.expires_in).toBe(300)
    return body.url as string
  }
  const download = async (pfn: string) => {
    const response = await fetch(await locate(pfn))
    return { status: response.status, content: Buffer.from(await response.arrayBuffer()) }
  }

  it("come back as they were sent", async () => {
    const content = randomBytes(100_000)
    const { pfn, url, fields } = await initiate(content)
    expect(await post({ url, fields }, content)).toBe(204)
    expect(await download(pfn)).toEqual({ status: 200, content })
  })

  it("are not sent twice", async () => {
    const content = randomBytes(100)
    const { pfn, ...form } = await initiate(content)
    expect(await initiate(content)).toMatchObject({ pfn, url: expect.stringMatching(/^http/) })
    expect(await post(form, content)).toBe(204)
    expect(await initiate(content)).toEqual({ pfn, url: null, fields: {} })
  })

  it("may be announced with a checksum in upper case", async () => {
    const content = randomBytes(100)
    const { pfn, ...form } = await initiate(content, { checksum: sha256(content).toUpperCase() })
    expect(pfn).toContain(sha256(content).toUpperCase())
    expect(await post(form, content)).toBe(204)
    expect(await download(pfn)).toEqual({ status: 200, content })
  })

  it("are there once they are there whole", async () => {
    const { pfn } = await initiate(randomBytes(100))
    expect((await download(pfn)).status).toBe(404)
  })

  it.each([
    ["longer than announced", (content: Buffer) => Buffer.concat([content, Buffer.from("x")])],
    ["shorter than announced", (content: Buffer) => content.subarray(1)],
    ["other than announced", (content: Buffer) => Buffer.from(content).fill(0, 0, 50)],
  ])("are refused when they are %s", async (_, change) => {
    const content = randomBytes(1000)
    const { pfn, ...form } = await initiate(content)
    expect(await post(form, change(content))).toBe(400)
    expect((await download(pfn)).status).toBe(404)
    expect(await post(form, content)).toBe(204)
  })

  it("are refused when a field was changed", async () => {
    const content = randomBytes(1000)
    const { pfn, url, fields } = await initiate(content)
    for (const name of Object.keys(fields)) {
      const value = fields[name] ?? ""
      const changed = `${value.slice(0, -2)}${value.endsWith("AA") ? "BB" : "AA"}`
      expect([400, 403]).toContain(
        await post({ url, fields: { ...fields, [name]: changed } }, content),
      )
      const { [name]: _, ...without } = fields
      expect([400, 403]).toContain(await post({ url, fields: without }, content))
    }
    expect((await download(pfn)).status).toBe(404)
  })

  it("are refused under the name of another", async () => {
    const [mine, other] = [randomBytes(1000), randomBytes(1000)]
    const { url, fields } = await initiate(mine)
    const { pfn: name, fields: others } = await initiate(other)
    for (const field of Object.keys(fields)) {
      if (fields[field] === others[field]) continue
      const mixed = { ...fields, [field]: others[field] ?? "" }
      expect([400, 403]).toContain(await post({ url, fields: mixed }, mine))
    }
    expect((await download(name)).status).toBe(404)
  })

  it("are taken and given until the URL expires", async () => {
    const content = randomBytes(100)
    clock.advance(-310)
    const early = await initiate(content)
    clock.advance(310)
    expect(await post(early, content)).toBe(403)
    const { pfn, ...form } = await initiate(content)
    expect(await post(form, content)).toBe(204)
    clock.advance(-310)
    const url = await locate(pfn)
    clock.advance(310)
    expect((await fetch(url)).status).toBe(403)
  })

  it("are given to nobody whose URL was changed", async () => {
    const content = randomBytes(100)
    const { pfn, ...form } = await initiate(content)
    expect(await post(form, content)).toBe(204)
    const url = new URL(await locate(pfn))
    for (const name of url.searchParams.keys()) {
      const changed = new URL(url)
      changed.searchParams.set(name, `1${url.searchParams.get(name)}`)
      expect((await fetch(changed)).status).toBeGreaterThanOrEqual(400)
      changed.searchParams.delete(name)
      expect((await fetch(changed)).status).toBeGreaterThanOrEqual(400)
    }
  })
})
