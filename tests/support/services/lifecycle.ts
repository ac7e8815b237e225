import type { ChildProcess } from "node:child_process"
import { openSync } from "node:fs"
import { chown, mkdir, mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { freePort } from "../free-port.ts"
import { isAlive, RUN_FOLDER, type Running } from "./record.ts"
import type { Service } from "./service.ts"
import { unprivileged } from "./unprivileged.ts"

const START_MS = 60_000
const STOP_MS = 15_000

/** Installs, starts and waits until the service answers. The process outlives ours. */
export async function start(service: Service): Promise<Running> {
  await service.install()
  const folder = await mkdtemp(join(tmpdir(), `spinor-${service.name.toLowerCase()}-`))
  const { uid, gid } = unprivileged()
  if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid)
  await mkdir(RUN_FOLDER, { recursive: true })
  const logFile = join(RUN_FOLDER, `${service.name.toLowerCase()}.log`)
  try {
    return await launch(service, { folder, port: await freePort(), logFile })
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** Starts the program of a service that is installed, on the folder as it is, and waits until it answers. */
export async function launch(
  service: Service,
  { folder, port, logFile }: { folder: string; port: number; logFile: string },
): Promise<Running> {
  const url = service.url(port)
  const child = await service.spawn({ folder, port, log: openSync(logFile, "w") })
  child.unref()
  if (child.pid !== undefined && (await answers(service, url, child))) {
    return { variable: service.variable, url, port, pid: child.pid, folder }
  }
  child.kill("SIGKILL")
  throw new Error(`does not start:\n${await readFile(logFile, "utf8")}`)
}

async function answers(service: Service, url: string, child: ChildProcess): Promise<boolean> {
  const end = Date.now() + START_MS
  while (Date.now() < end && child.exitCode === null && child.signalCode === null) {
    const answered = await service.probe(url).then(
      () => true,
      () => false,
    )
    if (answered) return true
    await delay(50)
  }
  return false
}

/** Stops the process and removes its data. */
export async function stop(service: Service, running: Running): Promise<void> {
  await end(running, service.stopSignal)
  await rm(running.folder, { recursive: true, force: true })
}

/** Stops the process and leaves its data. */
export async function end(running: Running, signal: NodeJS.Signals): Promise<void> {
  process.kill(running.pid, signal)
  const limit = Date.now() + STOP_MS
  while (isAlive(running)) {
    if (Date.now() > limit) process.kill(running.pid, "SIGKILL")
    await delay(50)
  }
}
