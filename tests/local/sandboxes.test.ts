import { createHash, randomBytes } from "node:crypto"
import { existsSync } from "node:fs"
import { mkdir, mkdtemp, readdir, readlink, rm, utimes, writeFile } from "node:fs/promises"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { once } from "node:events"
import { createServer, type Server } from "node:http"
import { text } from "node:stream/consumers"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { DiskStore } from "@spinor/local/sandboxes/disk-store"
import { sandboxesIn, testClock } from "../support/service.ts"

const clock = testClock()
let folder: string
let disk: DiskStore
let server: Server
let url: string
let port: number
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "spinor-disk-"))
  disk = sandboxesIn(folder, clock)
  server = createServer(disk.listener).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (typeof address !== "object" || address === null) throw new Error("no address")
  port = address.port
  url = `http://127.0.0.1:${port}/sandboxes`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true, force: true })
})

const announce = async (key: string, content: Buffer) => {
  const checksum = createHash("sha256").update(content).digest("hex")
  const upload = { key, size: content.length, algorithm: "sha256" as const, checksum }
  return (await disk.store.signUpload(upload)).fields
}

const send = async (fields: Record<string, string>, content: Buffer, fileFirst = false) => {
  const form = new FormData()
  const file = () => form.append("file", new Blob([new Uint8Array(content)]), "file")
  if (fileFirst) file()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  if (!fileFirst) file()
  return await fetch(url, { method: "POST", body: form })
}

const take = async (key: string, init: RequestInit = {}) =>
  await fetch(new URL(await disk.store.signDownload(key), url), init)

describe("the store on a disk", () => {
  it("keeps what has a name that would lead elsewhere", async () => {
    const content = randomBytes(10)
    for (const key of ["../../etc/passwd", "vo/group/..", "a\0b", "x".repeat(500)]) {
      expect((await send(await announce(key, content), content)).status).toBe(204)
      expect(Buffer.from(await (await take(key)).arrayBuffer())).toEqual(content)
    }
  })

  it("tells of what it holds without sending it", async () => {
    const content = randomBytes(1000)
    await send(await announce("vo/group/user/told", content), content)
    const response = await take("vo/group/user/told", { method: "HEAD" })
    expect(response.headers.get("content-length")).toBe("1000")
    expect(await response.text()).toBe("")
  })

  it("takes no other method than those of uploads and downloads", async () => {
    const content = randomBytes(10)
    await send(await announce("vo/group/user/method", content), content)
    for (const method of ["PUT", "DELETE", "PATCH", "OPTIONS"]) {
      const response = await take("vo/group/user/method", { method })
      expect([method, response.status]).toEqual([method, 405])
      expect(response.headers.get("allow")).toBe("GET, HEAD, POST")
    }
  })

  it.skipIf(!existsSync("/proc/self/fd"))("leaves no file open", async () => {
    const content = randomBytes(100_000)
    await send(await announce("vo/group/user/open", content), content)
    const openFiles = async () => {
      const links = await readdir("/proc/self/fd")
      const targets = await Promise.all(
        links.map((link) => readlink(`/proc/self/fd/${link}`).catch(() => "")),
      )
      return targets.filter((target) => target.startsWith(folder)).length
    }
    for (let i = 0; i < 5; i++) {
      await (await take("vo/group/user/open", { method: "HEAD" })).text()
      await (await take("vo/group/user/open")).body?.cancel()
      await send(await announce("vo/group/user/other", content), randomBytes(100_000))
    }
    await expect.poll(openFiles).toBe(0)
  })

  it("tells a client what was wrong that has sent all of a large file", async () => {
    const content = Buffer.alloc(50_000_000, "sandbox ")
    const response = await send({ permit: "none", signature: "none" }, content)
    expect([response.status, await response.json()]).toEqual([
      403,
      { detail: "The signature does not hold" },
    ])
  })

  it("tells its operator what goes wrong on the disk, and the client no more than that", async () => {
    const content = randomBytes(10)
    const broken = await mkdtemp(join(tmpdir(), "spinor-broken-"))
    await writeFile(join(broken, "incoming"), "no folder")
    const told: unknown[] = []
    const store = sandboxesIn(broken, clock, (error) => told.push(error))
    const place = createServer(store.listener).listen(0, "127.0.0.1")
    await once(place, "listening")
    const { port: other } = place.address() as { port: number }
    const checksum = createHash("sha256").update(content).digest("hex")
    const upload = { key: "k", size: 10, algorithm: "sha256" as const, checksum }
    const form = new FormData()
    for (const [name, value] of Object.entries((await store.store.signUpload(upload)).fields)) {
      form.append(name, value)
    }
    form.append("file", new Blob([new Uint8Array(content)]), "file")
    const response = await fetch(`http://127.0.0.1:${other}/sandboxes`, {
      method: "POST",
      body: form,
    })
    expect([response.status, await response.json()]).toEqual([
      503,
      { detail: "The store has a problem" },
    ])
    expect(told).toMatchObject([{ syscall: expect.any(String) }])
    place.close()
    await rm(broken, { recursive: true })
  })

  it("forgets what the end of a process has left, but not what is coming in", async () => {
    const place = await mkdtemp(join(tmpdir(), "spinor-left-"))
    const incoming = join(place, "incoming")
    await mkdir(incoming)
    for (const name of ["left", "coming"]) await writeFile(join(incoming, name), "half")
    const long = new Date(Date.now() - 2 * 3_600_000)
    await utimes(join(incoming, "left"), long, long)
    await sandboxesIn(place, clock).sweep()
    expect(await readdir(incoming)).toEqual(["coming"])
    await rm(place, { recursive: true })
  })

  it("lets a page of any origin send and take", async () => {
    const response = await take("vo/group/user/nothing")
    expect(response.headers.get("access-control-allow-origin")).toBe("*")
    expect(response.status).toBe(404)
  })

  it("says what was wrong", async () => {
    const content = randomBytes(10)
    const fields = await announce("vo/group/user/wrong", content)
    const told = async (answer: Promise<Response>) => {
      const response = await answer
      return [response.status, await response.json()]
    }
    const body = (detail: string) => ({ detail })
    expect(await told(send(fields, Buffer.alloc(11)))).toEqual([400, body("The file is too large")])
    expect(await told(send(fields, Buffer.alloc(9)))).toEqual([400, body("The file is too small")])
    expect(await told(send(fields, Buffer.alloc(10)))).toEqual([
      400,
      body("The file has another checksum than was announced"),
    ])
    expect(await told(send({}, content))).toEqual([403, body("The signature does not hold")])
    expect(await told(send(fields, content, true))).toEqual([
      403,
      body("The signature does not hold"),
    ])
    expect(await told(fetch(url, { method: "POST", body: "x" }))).toEqual([
      400,
      body("The body is not multipart/form-data"),
    ])
    const form = new FormData()
    form.append("permit", fields["permit"] ?? "")
    expect(await told(fetch(url, { method: "POST", body: form }))).toEqual([
      400,
      body("The form has no file"),
    ])
    expect(await told(fetch(url))).toEqual([403, body("The signature does not hold")])
    expect(await disk.store.exists("vo/group/user/wrong")).toBe(false)
  })

  it("takes no permit to download for one to upload, nor the other way round", async () => {
    const content = randomBytes(10)
    const upload = await announce("vo/group/user/either", content)
    const download = new URL(await disk.store.signDownload("vo/group/user/either"), url)
    const permit = Object.fromEntries(download.searchParams)
    expect((await send(permit, content)).status).toBe(403)
    expect((await fetch(`${url}?${new URLSearchParams(upload).toString()}`)).status).toBe(403)
  })

  it("keeps nothing of a form that breaks off", async () => {
    const content = randomBytes(1000)
    const { permit = "", signature = "" } = await announce("vo/group/user/broken", content)
    const part = (name: string, value: string) =>
      `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}`
    const form = `${part("permit", permit)}\r\n${part("signature", signature)}\r\n${part("file", "half")}`
    const head = `POST /sandboxes HTTP/1.1\r\nhost: localhost\r\ncontent-type: multipart/form-data; boundary=b\r\n`
    const whole = connect(port, "127.0.0.1")
    whole.write(`${head}content-length: ${form.length}\r\n\r\n${form}`)
    expect(await text(whole)).toMatch(/^HTTP\/1.1 400 /)
    const halved = connect(port, "127.0.0.1")
    halved.end(`${head}content-length: 5000\r\n\r\n${form}`)
    await text(halved)
    expect(await disk.store.exists("vo/group/user/broken")).toBe(false)
    expect((await send({ permit, signature }, content)).status).toBe(204)
  })

  it("leaves nothing behind of what it refused", async () => {
    const content = randomBytes(100_000)
    await send(await announce("vo/group/user/left", content), randomBytes(100_001))
    await send(await announce("vo/group/user/left", content), content)
    await expect.poll(() => readdir(join(folder, "incoming"))).toEqual([])
  })

  it("takes 100 MiB", async () => {
    const content = Buffer.alloc(104_857_600, "sandbox ")
    const fields = await announce("vo/group/user/large", content)
    expect((await send(fields, content)).status).toBe(204)
    const response = await take("vo/group/user/large")
    const hash = createHash("sha256")
    for await (const chunk of response.body ?? []) hash.update(chunk)
    expect(hash.digest("hex")).toBe(createHash("sha256").update(content).digest("hex"))
  })
})
