import { randomUUID } from "node:crypto"
import { closeSync, fstatSync, openSync, readSync, unlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** A file without a name, for what a process prints: all of it is there as soon as it is written. */
export interface LogFile {
  readonly descriptor: number
  read(): string
  /** What was written until now can still be read. */
  close(): void
}

export function openLogFile(): LogFile {
  const path = join(tmpdir(), `spinor-log-${randomUUID()}`)
  const descriptor = openSync(path, "ax+")
  unlinkSync(path)
  const readAll = () => {
    const bytes = Buffer.alloc(fstatSync(descriptor).size)
    readSync(descriptor, bytes, 0, bytes.length, 0)
    return bytes.toString()
  }
  let kept: string | undefined
  return {
    descriptor,
    read: () => kept ?? readAll(),
    close() {
      if (kept !== undefined) return
      kept = readAll()
      closeSync(descriptor)
    },
  }
}
