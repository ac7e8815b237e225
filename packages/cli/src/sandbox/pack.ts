import { createHash } from "node:crypto"
import { createWriteStream, type Stats } from "node:fs"
import { lstat, readdir, readlink, stat } from "node:fs/promises"
import { basename, dirname, join, resolve } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { constants, createZstdCompress } from "node:zlib"
import { WriteEntry } from "tar"
import { CommandError, UsageError } from "../errors.ts"
import type { Following } from "@spinor/admin/progress"
import { faultOf } from "./entries.ts"

/** What the service asks of a sandbox before it is uploaded. */
export interface Packed {
  /** SHA-256 of the file, in hexadecimal. */
  readonly checksum: string
  /** Bytes. */
  readonly size: number
}

/** Two blocks of zeros (POSIX, pax interchange format). */
const END_OF_ARCHIVE = Buffer.alloc(1024)

/** DiracX's client packs as tightly. */
const COMPRESSION = {
  [constants.ZSTD_c_compressionLevel]: 18,
  [constants.ZSTD_c_enableLongDistanceMatching]: 1,
}

/**
 * Packs files and folders, with all that is in them, into a tar.zst. Equal contents with equal times
 * make equal bytes, of which the service keeps one copy.
 * @throws CommandError for what is neither a file, a folder nor a link to one of the packed
 */
export async function pack(
  paths: readonly string[],
  file: string,
  { signal, onProgress }: Following,
): Promise<Packed> {
  const hash = createHash("sha256")
  let size = 0
  await pipeline(
    Readable.from(archiveOf(rootsOf(paths))),
    createZstdCompress({ params: COMPRESSION }),
    async function* (compressed: AsyncIterable<Buffer>) {
      for await (const chunk of compressed) {
        hash.update(chunk)
        size += chunk.length
        onProgress(size)
        yield chunk
      }
    },
    createWriteStream(file, { flags: "wx", mode: 0o600 }),
    { signal },
  )
  return { checksum: hash.digest("hex"), size }
}

interface Root {
  readonly folder: string
  readonly name: string
}

/** In the sandbox, each path stands by its last name. */
function rootsOf(paths: readonly string[]): Root[] {
  const roots = paths.map((path) => ({
    folder: dirname(resolve(path)),
    name: basename(resolve(path)),
  }))
  for (const [at, { name }] of roots.entries()) {
    if (name === "") throw new UsageError("the root of the file system cannot be packed")
    if (roots.findIndex((root) => root.name === name) < at) {
      throw new UsageError(`two of the paths would be ${name} in the sandbox`)
    }
  }
  return roots
}

async function* archiveOf(roots: readonly Root[]): AsyncGenerator<Buffer> {
  for (const { folder, name } of roots) {
    for await (const [path, stats] of filesIn(folder, name, stat)) {
      const statCache = new Map([[join(folder, path), stats]])
      yield* new WriteEntry(path, { cwd: folder, statCache, portable: true, strict: true })
    }
  }
  yield END_OF_ARCHIVE
}

/**
 * A path and all paths below it, folders before what is in them, in an order that is always the same.
 * @param statOf what is named itself is packed, not a link to it; further down, links are
 */
async function* filesIn(
  folder: string,
  path: string,
  statOf: (path: string) => Promise<Stats>,
): AsyncGenerator<[path: string, stats: Stats]> {
  const at = join(folder, path)
  const stats = await statOf(at)
  if (stats.isSymbolicLink()) {
    const fault = faultOf([{ path, type: "SymbolicLink", linkpath: await readlink(at) }])
    if (fault !== undefined) throw new CommandError(`nobody could unpack this: ${fault}`)
  } else if (!stats.isFile() && !stats.isDirectory()) {
    throw new CommandError(`${at} is neither a file nor a folder`)
  }
  yield [path, stats]
  if (!stats.isDirectory()) return
  const names = await readdir(at)
  for (const name of names.sort()) yield* filesIn(folder, join(path, name), lstat)
}
