import { readdirSync, readFileSync } from "node:fs"

/** What the kernel counts in a second of processor time; Linux says 100 to all programs. */
const TICKS = 100

/** Seconds of processor time that a process has used, with those of its children that have ended. */
export function cpuSeconds(pid: number): number {
  const [user, system, ofChildren, systemOfChildren] = statusOf(pid).slice(11, 15).map(Number)
  return ((user ?? 0) + (system ?? 0) + (ofChildren ?? 0) + (systemOfChildren ?? 0)) / TICKS
}

/** Memory that a process has in RAM, with what it shares, in megabytes (VmRSS). */
export function residentMegabytes(pid: number): number {
  const text = told(pid, "status")
  return Number(/^VmRSS:\s+(\d+)/m.exec(text)?.[1]) / 1024
}

/** A process, those that it has started, and theirs. */
export function familyOf(pid: number): readonly number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync("/proc")) {
    const parent = /^\d+$/.test(name) ? parentOf(Number(name)) : undefined
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const family = [pid]
  for (const member of family) family.push(...(children.get(member) ?? []))
  return family
}

/** Seconds that all processors together have been busy, and have had nothing but the disk to wait for. */
export function machineSeconds(): { readonly busy: number; readonly waiting: number } {
  const [first = ""] = readFileSync("/proc/stat", "utf8").split("\n", 1)
  const [user = 0, nice = 0, system = 0, , waiting = 0, irq = 0, softirq = 0] = first
    .split(/ +/)
    .slice(1)
    .map(Number)
  return { busy: (user + nice + system + irq + softirq) / TICKS, waiting: waiting / TICKS }
}

/** Undefined of one that has just ended. */
function parentOf(pid: number): number | undefined {
  try {
    return Number(statusOf(pid)[1])
  } catch {
    return undefined
  }
}

/** The fields of a process that come after its name. */
function statusOf(pid: number): string[] {
  const text = told(pid, "stat")
  // The name stands in parentheses, and may hold blanks.
  return text.slice(text.lastIndexOf(")") + 2).split(" ")
}

/** @throws Error when the process has ended */
function told(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8")
  } catch (cause) {
    throw new Error(`Process ${pid} has ended`, { cause })
  }
}
