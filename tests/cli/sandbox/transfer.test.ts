import { createHash, randomBytes } from "node:crypto"
import { once } from "node:events"
import { readFile, writeFile } from "node:fs/promises"
import { createServer, type RequestListener } from "node:http"
import { join } from "node:path"
import { buffer, text } from "node:stream/consumers"
import { expect, it, onTestFinished } from "vitest"
import { progressOn } from "@spinor/admin/progress"
import { download, upload } from "@spinor/cli/sandbox/transfer"
import { newFolder, options, signal } from "./archives.ts"

const CONTENT = randomBytes(300_000)
const checksum = createHash("sha256").update(CONTENT).digest("hex")

async function store(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await once(server.listen(0, "127.0.0.1"), "listening")
  onTestFinished(() => void server.close())
  const address = server.address()
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/store?signature=s3cret`
}

async function contentFile(): Promise<string> {
  const file = join(await newFolder(), "content")
  await writeFile(file, CONTENT)
  return file
}

const packed = { checksum, size: CONTENT.length }

it("an upload is a form of known length, with the file after all fields", async () => {
  const parts: [name: string, value: string | Buffer][] = []
  let length = 0
  const url = await store(async (request, response) => {
    const { "content-length": told, "content-type": type = "" } = request.headers
    length = Number(told)
    const form = new Response(await buffer(request), { headers: { "content-type": type } })
    for (const [name, value] of await form.formData()) {
      const isText = typeof value === "string"
      parts.push([name, isText ? value : Buffer.from(await value.arrayBuffer())])
    }
    response.writeHead(204).end()
  })
  const seen: [number, number | undefined][] = []
  const fields = { key: "a/b:c", policy: "e30=" }
  const onProgress = (bytes: number, total?: number) => seen.push([bytes, total])
  await upload(await contentFile(), packed, { url, fields }, { signal, onProgress })
  const [file, ...others] = parts.reverse()
  expect(others.reverse()).toEqual(Object.entries(fields))
  expect(file?.[0]).toBe("file")
  expect(CONTENT.equals(Buffer.from(file?.[1] ?? ""))).toBe(true)
  expect(length).toBeGreaterThan(CONTENT.length)
  expect(seen[0]).toEqual([0, CONTENT.length])
  expect(seen.at(-1)).toEqual([CONTENT.length, CONTENT.length])
  expect(seen.length).toBeGreaterThan(3)
})

it("a download is written to a file, and its checksum told", async () => {
  const url = await store((_, response) => {
    response.writeHead(200, { "content-length": CONTENT.length }).end(CONTENT)
  })
  const file = join(await newFolder(), "content")
  expect(await download(url, file, options)).toBe(checksum)
  expect((await readFile(file)).equals(CONTENT)).toBe(true)
})

it.each([
  [403, "<Error><Code>X</Code><Message>Policy expired</Message></Error>", "(403: Policy expired)"],
  [400, '{"detail":"Too large"}', "(400: Too large)"],
  [500, "?", "(500)"],
])("a refusal with %d %s is told", async (status, body, told) => {
  const url = await store(async (request, response) => {
    await text(request)
    response.writeHead(status).end(body)
  })
  await expect(upload(await contentFile(), packed, { url, fields: {} }, options)).rejects.toThrow(
    `the store of sandboxes does not take the sandbox ${told}`,
  )
  await expect(download(url, join(await newFolder(), "f"), options)).rejects.toThrow(
    `the store of sandboxes does not give the sandbox ${told}`,
  )
})

it("a connection that breaks is told, without the signature", async () => {
  const url = await store((request, response) => {
    if (request.method === "POST") request.socket.destroy()
    else {
      response.writeHead(200, { "content-length": 10 }).write("12345")
      setImmediate(() => response.destroy())
    }
  })
  const [sent, fetched] = await Promise.all(
    [
      upload(await contentFile(), packed, { url, fields: {} }, options),
      download(url, join(await newFolder(), "f"), options),
    ].map((transfer) => transfer.then(String, String)),
  )
  const told = `ConnectionError: cannot reach the store of sandboxes at ${new URL(url).origin} (`
  expect(sent?.startsWith(told)).toBe(true)
  expect(fetched?.startsWith(told)).toBe(true)
  expect(`${sent}${fetched}`).not.toContain("s3cret")
})

it("a bar shows how far it is on a terminal, and leaves nothing behind", () => {
  const written: string[] = []
  const terminal = { write: (text: string) => written.push(text), isTTY: true, columns: 80 }
  const bar = progressOn(terminal, "Uploading")
  bar.step(0, 4 * 2 ** 20)
  bar.step(2 ** 20, 4 * 2 ** 20)
  bar.step(2 ** 20 + 1, 4 * 2 ** 20)
  bar.end()
  expect(written).toEqual([
    "\rUploading ░░░░░░░░░░░░░░░░░░░░░░░░   0 % of 4.0 MiB",
    "\rUploading ██████░░░░░░░░░░░░░░░░░░  25 % of 4.0 MiB",
    `\r${" ".repeat(51)}`,
    "\r",
  ])
  const silent = { write: () => expect.unreachable("no terminal") }
  progressOn(silent, "Uploading").step(1, 2)
  progressOn(silent, "Uploading").end()
})
