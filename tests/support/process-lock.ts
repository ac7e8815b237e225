import { readFile, rm, writeFile } from "node:fs/promises"
import { setTimeout as delay } from "node:timers/promises"

const POLL_MS = 200

/** Runs the work while nobody else runs one with the same lock file; that of a process which has died is taken away. */
export async function withProcessLock(path: string, work: () => Promise<void>): Promise<void> {
  while (!(await take(path))) {
    if (!isAlive(await holderOf(path))) await rm(path, { force: true })
    else await delay(POLL_MS)
  }
  await work().finally(() => rm(path, { force: true }))
}

const take = (path: string): Promise<boolean> =>
  writeFile(path, String(process.pid), { flag: "wx" }).then(
    () => true,
    () => false,
  )

const holderOf = async (path: string): Promise<number> =>
  Number(await readFile(path, "utf8").catch(() => ""))

/** An empty file is one that is being written. */
function isAlive(pid: number): boolean {
  if (pid === 0) return true
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
