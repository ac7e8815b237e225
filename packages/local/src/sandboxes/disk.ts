import { createHash, randomUUID } from "node:crypto"
import { createReadStream } from "node:fs"
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises"
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
  /** Bytes of an object; undefined where there is none. */
  sizeOf(key: string): Promise<number | undefined>
  read(key: string): Readable
  /**
   * Keeps an object once all of it is there and on the disk.
   * @throws UnexpectedContentError when it is another one than expected; nothing is kept then
   */
  write(key: string, content: Readable, expected: Expected): Promise<void>
  remove(key: string): Promise<void>
  /** Removes what writes that were broken off by the end of a process have left. */
  sweep(): Promise<void>
}

/** No write takes longer. */
const LEFT_AFTER_MS = 3_600_000

export function openDisk(folder: string): Disk {
  const placeOf = (key: string) => {
    const name = createHash("sha256").update(key).digest("hex")
    return join(folder, name.slice(0, 2), name)
  }
  const arrivals = join(folder, "incoming")
  return {
    sizeOf: async (key) => (await stat(placeOf(key)).catch(ifMissing))?.size,
    read: (key) => createReadStream(placeOf(key)),
    async write(key, content, expected) {
      const incoming = join(arrivals, randomUUID())
      const place = placeOf(key)
      try {
        await makeFolders(incoming, place)
        await writeWhole(incoming, content, expected)
        await rename(incoming, place)
        await syncFolder(dirname(place))
      } finally {
        await rm(incoming, { force: true })
      }
    },
    remove: (key) => rm(placeOf(key), { force: true }),
    async sweep() {
      for (const name of (await readdir(arrivals).catch(ifMissing)) ?? []) {
        const path = join(arrivals, name)
        const found = await stat(path).catch(ifMissing)
        const isLeft = found !== undefined && Date.now() - found.mtimeMs > LEFT_AFTER_MS
        if (isLeft) await rm(path, { force: true })
      }
    },
  }
}

async function makeFolders(...paths: string[]): Promise<void> {
  for (const path of paths) await mkdir(dirname(path), { recursive: true, mode: 0o700 })
}

async function writeWhole(path: string, content: Readable, expected: Expected): Promise<void> {
  const file = await open(path, "wx", 0o600)
  try {
    await file.writeFile(checked(content, expected))
    await file.sync()
  } finally {
    await file.close()
  }
}

async function* checked(content: Readable, expected: Expected): AsyncGenerator<Buffer> {
  const hash = createHash("sha256")
  let size = 0
  for await (const chunk of content as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > expected.size) throw new UnexpectedContentError("The file is too large")
    hash.update(chunk)
    yield chunk
  }
  if (size < expected.size) throw new UnexpectedContentError("The file is too small")
  if (hash.digest("hex") !== expected.checksum.toLowerCase()) {
    throw new UnexpectedContentError("The file has another checksum than was announced")
  }
}

/** A file that was renamed is found after a loss of power once its folder is written. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function ifMissing(error: unknown): undefined {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error
}
