import { execFileSync } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { zstdCompressSync } from "node:zlib"
import { Header } from "tar"
import { onTestFinished } from "vitest"

export const signal = new AbortController().signal
export const options = { signal, onProgress: () => {} }

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "spinor-sandbox-"))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Whether this machine can make and read a tar.bz2. */
export const hasBzip2 = ((): boolean => {
  try {
    execFileSync("bzip2", ["--help"], { stdio: "ignore" })
    return true
  } catch {
    return false
  }
})()

type Entry = ConstructorParameters<typeof Header>[0] & { readonly content?: string }

/** A tar as nobody's tool would make it, an entry each. */
export function tarOf(entries: readonly Exclude<Entry, Buffer | undefined>[]): Buffer {
  const blocks = entries.flatMap(({ content = "", ...fields }) => {
    const body = Buffer.from(content)
    const header = new Header({
      type: "File",
      mode: 0o644,
      mtime: new Date(0),
      ...fields,
      size: body.length,
    })
    header.encode()
    const padding = Buffer.alloc((512 - (body.length % 512)) % 512)
    return [header.block ?? Buffer.alloc(512), body, padding]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

export async function zstdFile(folder: string, tar: Buffer): Promise<string> {
  const file = join(folder, "archive")
  await writeFile(file, zstdCompressSync(tar))
  return file
}
