import { once } from "node:events"
import { setTimeout as delay } from "node:timers/promises"

/** A process of Node that was told where it may be inspected (`--inspect-port`). */
export interface Inspectable {
  readonly pid: number
  readonly inspectPort: number
}

const PATIENCE_MS = 10_000

/**
 * Megabytes that a process still uses after a full collection, in its heap and in buffers outside of it. What it has
 * of the machine's memory says little of that: V8 takes more as long as there is more.
 */
export async function liveMegabytes({ pid, inspectPort }: Inspectable): Promise<number> {
  process.kill(pid, "SIGUSR1")
  const socket = new WebSocket(await addressOf(inspectPort))
  try {
    await once(socket, "open")
    await ask(socket, "HeapProfiler.collectGarbage")
    const { result } = await ask(socket, "Runtime.evaluate", { expression: USED })
    if (result?.value === undefined) throw new Error(`Process ${pid} does not tell its memory`)
    return result.value / 1e6
  } finally {
    socket.close()
  }
}

const USED = "process.memoryUsage().heapUsed + process.memoryUsage().external"

/** Where the inspector listens, once it does. */
async function addressOf(port: number): Promise<string> {
  for (const end = Date.now() + PATIENCE_MS; ;) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/json/list`)
      const [{ webSocketDebuggerUrl }] = (await response.json()) as [Target]
      return webSocketDebuggerUrl
    } catch (error) {
      if (Date.now() > end) throw error
      await delay(20)
    }
  }
}

interface Target {
  readonly webSocketDebuggerUrl: string
}

interface Told {
  readonly result?: { readonly value?: number }
}

/** One question at a time. */
async function ask(socket: WebSocket, method: string, params: object = {}): Promise<Told> {
  const answer = once(socket, "message", { signal: AbortSignal.timeout(PATIENCE_MS) })
  socket.send(JSON.stringify({ id: 1, method, params }))
  const [{ data }] = (await answer) as [MessageEvent]
  return (JSON.parse(String(data)) as { result: Told }).result
}
