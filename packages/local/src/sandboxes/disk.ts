import { createHash, randomUUID } from "node:crypto"
import { createReadStream, type ReadStream } from "node:fs"
import { mkdir, open, rename, rm, stat } from "node:fs/promises"
import { dirname, join } from "node:path"
import type { Readable } from "node:stream"

/** What an object must be to be kept. */
export interface Expected {
  /** In bytes. */
  readonly size: number
  /** SHA-256 in hexadecimal digits. */
  readonly checksum: string
}

/** An object that is not what its upload was signed for. */
export class UnexpectedContentError extends Error {
  override readonly name = "UnexpectedContentError"
}

/** Objects in a folder, each in a file named by the digest of its key: no name of a user is a path. */
export interface Disk {
  has(key: string): Promise<boolean>
  /** Opens an object; undefined where there is none. */
  read(key: string): Promise<{ size: number; stream: ReadStream } | undefined>
  /**
   * Keeps an object once all of it is there and on the disk.
   * @throws UnexpectedContentError when it is another one than expected; nothing is kept then
   */
  write(key: string, content: Readable, expected: Expected): Promise<void>
}

export function openDisk(folder: string): Disk {
  const placeOf = (key: string) => {
    const name = createHash("sha256").update(key).digest("hex")
    return join(folder, name.slice(0, 2), name)
  }
  const sizeOf = async (key: string): Promise<number | undefined> => {
    const found = await stat(placeOf(key)).catch(ifMissing)
    return found?.size
  }
  return {
    has: async (key) => (await sizeOf(key)) !== undefined,
    async read(key) {
      const size = await sizeOf(key)
      return size === undefined ? undefined : { size, stream: createReadStream(placeOf(key)) }
    },
    async write(key, content, expected) {
      const incoming = join(folder, "incoming", randomUUID())
      const place = placeOf(key)
      try {
        await makeFolders(incoming, place)
        await writeWhole(incoming, content, expected)
        await rename(incoming, place)
      } finally {
        await rm(incoming, { force: true })
      }
    },
  }
}

async function makeFolders(...paths: string[]): Promise<void> {
  for (const path of paths) await mkdir(dirname(path), { recursive: true, mode: 0o700 })
}

async function writeWhole(path: string, content: Readable, expected: Expected): Promise<void> {
  const file = await open(path, "wx", 0o600)
  const hash = createHash("sha256")
  let size = 0
  try {
    for await (const chunk of content as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > expected.size) throw new UnexpectedContentError("The file is too large")
      hash.update(chunk)
      await file.write(chunk)
    }
    if (size < expected.size) throw new UnexpectedContentError("The file is too small")
    if (hash.digest("hex") !== expected.checksum.toLowerCase()) {
      throw new UnexpectedContentError("The file has another checksum than was announced")
    }
    await file.sync()
  } finally {
    await file.close()
  }
}

function ifMissing(error: unknown): undefined {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error
}
