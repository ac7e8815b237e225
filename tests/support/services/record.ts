import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** Where services keep logs and the record, inside the checkout and ignored by git. */
export const RUN_FOLDER = join(import.meta.dirname, "../../../.run")
const FILE = join(RUN_FOLDER, "services.json")

/** A service that is running, as noted by `npm run services -- up`. */
export type Running = { variable: string; url: string; port: number; pid: number; folder: string }

/** The services that were started here and are still alive, by name. */
export function readRecord(): Record<string, Running> {
  if (!existsSync(FILE)) return {}
  const record: Record<string, Running> = JSON.parse(readFileSync(FILE, "utf8"))
  return Object.fromEntries(Object.entries(record).filter(([, running]) => isAlive(running)))
}

export function writeRecord(record: Record<string, Running>): void {
  mkdirSync(RUN_FOLDER, { recursive: true })
  writeFileSync(FILE, `${JSON.stringify(record, null, 2)}\n`)
}

/** Whether the process still runs, and is ours: after a restart of the machine its id may be another's. */
export function isAlive({ pid, folder }: Running): boolean {
  const commandLine = `/proc/${pid}/cmdline`
  if (existsSync("/proc/self")) {
    return existsSync(commandLine) && readFileSync(commandLine, "utf8").includes(folder)
  }
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
