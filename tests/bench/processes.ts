import { spawn } from "node:child_process"
import { openSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { isReady, stopProcess } from "../support/server.ts"

/** A server that a benchmark started, in a process of its own. */
export interface RunningServer {
  /** http://127.0.0.1:PORT */
  readonly url: string
  readonly pid: number
  readonly stop: () => Promise<unknown>
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
  const stop = () => stopProcess(child)
  if (child.pid !== undefined && (await isReady(child, url, START_MS)))
    return { url, pid: child.pid, stop }
  await stop()
  throw new Error(`${command} is not ready:\n${(await readFile(log, "utf8")).slice(-4000)}`)
}
