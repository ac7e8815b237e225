import { createHash } from "node:crypto"
import { createReadStream, createWriteStream } from "node:fs"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { CommandError, ConnectionError } from "../errors.ts"
import { reasonOf } from "../http.ts"
import type { Following, OnProgress } from "@spinor/admin/progress"
import type { Packed } from "./pack.ts"
import type { Upload } from "./service.ts"

/**
 * Sends a file as the store asks for it: a form (RFC 7578) whose last field it is. A store refuses a
 * form of unknown length, and what has a length in fetch does not tell how far it is; so it is made here.
 * @throws ConnectionError, CommandError when the store refuses it
 */
export async function upload(
  file: string,
  { checksum, size }: Packed,
  { url, fields }: { url: string; fields: Upload["fields"] },
  { signal, onProgress }: Following,
): Promise<void> {
  // At most 70 characters (RFC 2046, section 5.1.1).
  const boundary = `spinor-${checksum.slice(0, 32)}`
  const part = (disposition: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\n`
  const values = Object.entries(fields).map(
    ([name, value]) => `${part(`name="${name}"`)}\r\n${value}\r\n`,
  )
  const type = "content-type: application/octet-stream\r\n\r\n"
  const head = Buffer.from(`${values.join("")}${part(`name="file"; filename="file"`)}${type}`)
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`)
  async function* form() {
    yield head
    yield* counted(createReadStream(file), size, onProgress)
    yield tail
  }
  const response = await ask(url, {
    method: "POST",
    headers: {
      "content-type": `multipart/form-data; boundary=${boundary}`,
      "content-length": String(head.length + size + tail.length),
    },
    body: ReadableStream.from(form()),
    duplex: "half",
    signal,
  })
  await mustBeFine(response, "does not take the sandbox")
}

/**
 * Fetches into a file.
 * @returns the SHA-256 of what came, in hexadecimal
 * @throws ConnectionError, CommandError when the store refuses
 */
export async function download(
  url: string,
  file: string,
  { signal, onProgress }: Following,
): Promise<string> {
  const response = await ask(url, { signal })
  await mustBeFine(response, "does not give the sandbox")
  const length = response.headers.get("content-length")
  const total = length === null ? undefined : Number(length)
  const hash = createHash("sha256")
  const body = counted(response.body ?? Readable.from([]), total, onProgress)
  async function* hashed() {
    for await (const chunk of body) {
      hash.update(chunk)
      yield chunk
    }
  }
  try {
    await pipeline(hashed, createWriteStream(file, { flags: "wx", mode: 0o600 }), { signal })
  } catch (cause) {
    throw brokenOff(url, cause)
  }
  return hash.digest("hex")
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  total: number | undefined,
  onProgress: OnProgress,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  onProgress(bytes, total)
  for await (const chunk of source) {
    yield chunk
    bytes += chunk.length
    onProgress(bytes, total)
  }
}

async function ask(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (cause) {
    throw brokenOff(url, cause)
  }
}

const brokenOff = (url: string, cause: unknown): ConnectionError =>
  new ConnectionError(
    `cannot reach the store of sandboxes at ${placeOf(url)} (${reasonOf(cause)})`,
    { cause },
  )

/** The rest of a signed URL is a secret. */
const placeOf = (url: string): string => URL.parse(url)?.origin ?? "an unknown place"

async function mustBeFine(response: Response, refusal: string): Promise<void> {
  if (response.ok) return
  // S3 says in XML what was wrong, our own store in JSON.
  const text = await response.text()
  const why = /<Message>(.*?)<\/Message>/s.exec(text)?.[1] ?? /"detail": ?"([^"]*)"/.exec(text)?.[1]
  throw new CommandError(
    `the store of sandboxes ${refusal} (${response.status}${why === undefined ? "" : `: ${why}`})`,
  )
}
