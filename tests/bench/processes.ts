import { spawn, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { openSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { setTimeout as delay } from "node:timers/promises"

/** A server that a benchmark started, in a process of its own. */
export interface RunningServer {
  /** http://127.0.0.1:PORT */
  readonly url: string
  readonly pid: number
  readonly stop: () => Promise<void>
}

/** How to start it. What it prints goes to a file, so that the benchmark has no work with it. */
export interface Program {
  readonly command: string
  readonly parameters: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly folder: string
  readonly log: string
}

const START_MS = 60_000

/** Starts a server and waits until it says that it is ready. */
export async function startProgram(program: Program, url: string): Promise<RunningServer> {
  const { command, parameters, env, folder: cwd, log } = program
  const output = openSync(log, "w")
  const stdio = ["ignore", output, output] as const
  const { PATH, HOME } = process.env
  const inherited = { ...(PATH !== undefined && { PATH }), ...(HOME !== undefined && { HOME }) }
  const child = spawn(command, [...parameters], {
    env: { ...inherited, ...env },
    cwd,
    stdio: [...stdio],
  })
  const stop = () => stopChild(child)
  if (child.pid !== undefined && (await isReady(child, url))) return { url, pid: child.pid, stop }
  await stop()
  throw new Error(`${command} is not ready:\n${(await readFile(log, "utf8")).slice(-4000)}`)
}

async function isReady(child: ChildProcess, url: string): Promise<boolean> {
  const end = Date.now() + START_MS
  while (Date.now() < end && child.exitCode === null && child.signalCode === null) {
    const response = await fetch(`${url}/api/health/ready`).catch(() => undefined)
    await response?.body?.cancel()
    if (response?.ok === true) return true
    await delay(50)
  }
  return false
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, "exit")
  const killer = setTimeout(() => child.kill("SIGKILL"), 10_000)
  child.kill("SIGTERM")
  await exited
  clearTimeout(killer)
}
