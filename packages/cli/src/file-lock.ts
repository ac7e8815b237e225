import { open, rm, stat } from "node:fs/promises"
import { isFileError } from "./errors.ts"

/** Nobody holds a lock for longer, in milliseconds: what runs under it must have ended by then. */
export const LONGEST_HOLD_MS = 10_000

const ABANDONED_MS = 2 * LONGEST_HOLD_MS
const POLL_MS = 50

/**
 * Runs the work while no other process runs one with the same lock file. A lock that one sees
 * unchanged for longer than anybody holds it was left by a process that died, and is taken away;
 * clocks of several machines are not compared.
 */
export async function withFileLock<Result>(
  path: string,
  pause: (milliseconds: number) => Promise<void>,
  work: () => Promise<Result>,
): Promise<Result> {
  let [seen, since] = [await holderOf(path), performance.now()]
  while (!(await take(path))) {
    const holder = await holderOf(path)
    if (holder !== seen) [seen, since] = [holder, performance.now()]
    else if (performance.now() - since > ABANDONED_MS) await rm(path, { force: true })
    await pause(POLL_MS)
  }
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function take(path: string): Promise<boolean> {
  try {
    const file = await open(path, "wx", 0o600)
    await file.close()
    return true
  } catch (error) {
    if (isFileError(error) && error.code === "EEXIST") return false
    throw error
  }
}

/** Differs from one lock to the next. */
async function holderOf(path: string): Promise<string> {
  try {
    const { ino, mtimeMs } = await stat(path)
    return `${ino} ${mtimeMs}`
  } catch (error) {
    if (isFileError(error) && error.code === "ENOENT") return ""
    throw error
  }
}
