import { spawn, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { freePort } from "./free-port.ts"

const ENTRY = join(import.meta.dirname, "../../functions/server.ts")
const START_MS = 30_000
const STOP_MS = 15_000

/** The whole service as `npm start` runs it, in a process of its own. */
export type Server = {
  /** http://127.0.0.1:PORT, without a slash at the end. */
  url: string
  process: ChildProcess
  /** What it has printed until now, both streams. */
  output: () => string
  /** Asks it to stop (SIGTERM), waits, and tells the exit code; null when a signal had to end it. */
  stop: () => Promise<number | null>
}

/**
 * Starts functions/server.ts and waits until it is ready.
 * @param env its SPINOR_* and DIRACX_* variables; none of ours reaches it
 * @throws Error with what it printed, when it ends or does not become ready
 */
export async function startServer(env: Record<string, string>): Promise<Server> {
  const port = env["PORT"] ?? String(await freePort())
  const url = `http://127.0.0.1:${port}`
  const { child, output } = spawnServer({ HOST: "127.0.0.1", ...env, PORT: port })
  const stop = () => stopProcess(child)
  if (await isReady(child, url)) return { url, process: child, output, stop }
  await stop()
  throw new Error(`The server is not ready:\n${output()}`)
}

/** Starts functions/server.ts without waiting for anything: for starts that shall fail. */
export function spawnServer(env: Record<string, string>): {
  child: ChildProcess
  output: () => string
} {
  const child = spawn(process.execPath, [ENTRY], {
    env: { ...withoutOurVariables(process.env), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let text = ""
  const collect = (chunk: string) => (text += chunk)
  child.stdout.setEncoding("utf8").on("data", collect)
  child.stderr.setEncoding("utf8").on("data", collect)
  return { child, output: () => text }
}

/** Waits until it is, ends, or has had its time. */
export async function isReady(
  child: ChildProcess,
  url: string,
  patience = START_MS,
): Promise<boolean> {
  const end = Date.now() + patience
  while (Date.now() < end && child.exitCode === null && child.signalCode === null) {
    const response = await fetch(`${url}/api/health/ready`).catch(() => undefined)
    await response?.body?.cancel()
    if (response?.ok === true) return true
    await delay(50)
  }
  return false
}

/** Asks it to stop (SIGTERM), waits, and tells the exit code; null when a signal had to end it, or it never began. */
export async function stopProcess(child: ChildProcess): Promise<number | null> {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const exited = once(child, "exit")
    const killer = setTimeout(() => child.kill("SIGKILL"), STOP_MS)
    child.kill("SIGTERM")
    await exited
    clearTimeout(killer)
  }
  return child.exitCode
}

function withoutOurVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^(SPINOR|DIRACX|AWS)_/.test(name) && name !== "HOST" && name !== "PORT",
    ),
  )
}
