import { lstat, mkdir } from "node:fs/promises"
import { join, posix } from "node:path"
import { extract, list, type ReadEntry } from "tar"
import { CommandError, isFileError } from "../errors.ts"
import { decompress } from "./decompress.ts"
import { faultOf, type Entry } from "./entries.ts"

/**
 * Unpacks a tar.zst or tar.bz2 into a folder, which is made when it does not exist. Nothing is
 * unpacked when anything of it is wrong, or there already.
 * @throws CommandError that says what it is
 */
export async function unpack(file: string, folder: string, signal: AbortSignal): Promise<void> {
  const tar = `${file}.tar`
  await decompress(file, tar, signal)
  const entries = await entriesOf(tar)
  const fault = faultOf(entries)
  if (fault !== undefined) throw new CommandError(`the sandbox is not unpacked: ${fault}`)
  await mkdir(folder, { recursive: true })
  await mustBeFree(folder, entries)
  await extract({ file: tar, cwd: folder, strict: true, preserveOwner: false, onReadEntry: tame })
}

async function entriesOf(tar: string): Promise<Entry[]> {
  const entries: Entry[] = []
  try {
    await list({
      file: tar,
      strict: true,
      onReadEntry: ({ path, type, linkpath }) => entries.push({ path, type, linkpath }),
    })
  } catch (cause) {
    throw new CommandError("the sandbox is damaged", { cause })
  }
  return entries
}

async function mustBeFree(folder: string, entries: readonly Entry[]): Promise<void> {
  const names = new Set(entries.map(({ path }) => posix.normalize(path).split("/")[0] ?? "."))
  names.delete(".")
  for (const name of names) {
    const path = join(folder, name)
    if (await exists(path)) throw new CommandError(`${path} exists: --output names another folder`)
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if (isFileError(error) && error.code === "ENOENT") return false
    throw error
  }
}

/** Others do not write what is mine, I can, and nobody becomes somebody else by it. */
function tame(entry: ReadEntry): void {
  entry.mode = ((entry.mode ?? 0) & 0o755) | (entry.type === "Directory" ? 0o700 : 0o600)
}
