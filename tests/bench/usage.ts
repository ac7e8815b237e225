import { readFileSync } from "node:fs"

/** What the kernel counts in a second of processor time; Linux says 100 to all programs. */
const TICKS = 100

/** Seconds of processor time that a process has used, with those of its children that have ended. */
export function cpuSeconds(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8")
  // The second field is a name in parentheses, which may hold blanks.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ")
  const [user, system, ofChildren, systemOfChildren] = fields.slice(11, 15).map(Number)
  return ((user ?? 0) + (system ?? 0) + (ofChildren ?? 0) + (systemOfChildren ?? 0)) / TICKS
}

/** Memory of a process that is not shared out of, in megabytes (VmRSS). */
export function residentMegabytes(pid: number): number {
  const text = readFileSync(`/proc/${pid}/status`, "utf8")
  return Number(/^VmRSS:\s+(\d+)/m.exec(text)?.[1]) / 1024
}
