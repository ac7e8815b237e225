import { randomBytes } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { freePort } from "./free-port.ts"
import { needsAll, serverUrl } from "./servers.ts"
import { end, launch } from "./services/lifecycle.ts"
import { opensearch } from "./services/opensearch.ts"
import type { Running } from "./services/record.ts"

/** Whether tests run on it here: it is present, or its absence shall be a failure. */
export const openSearchRunsHere = (): boolean => needsAll() || serverUrl("opensearch") !== undefined

/** The node that all tests share. */
export function openSearchUrl(): string {
  const url = serverUrl("opensearch")
  if (url === undefined) throw new Error("There is no OpenSearch: npm run services -- up")
  return url
}

/** A beginning for the names of a test's own indices and templates, and how to be rid of them. */
export function freshPrefix(): { prefix: string; drop: () => Promise<void> } {
  const prefix = `spinor_${randomBytes(6).toString("hex")}_`
  return {
    prefix,
    async drop() {
      await remove(`${prefix}*`)
      await remove(`_index_template/${prefix}*`)
    },
  }
}

async function remove(path: string): Promise<void> {
  const { status } = await fetch(new URL(`/${path}`, openSearchUrl()), { method: "DELETE" })
  // A pattern to which no template fits is a 404.
  if (status !== 200 && status !== 404)
    throw new Error(`OpenSearch answers a DELETE with ${status}`)
}

/** A node of a test's own, which may go away in the middle of something. */
export interface OwnOpenSearch {
  readonly url: string
  /** Ends it as a crash does; what it acknowledged stays on its disk. */
  kill(): Promise<void>
  /** Starts it again after `kill`, on the same port and data, and waits until it answers. */
  restart(): Promise<void>
  /** Ends it and removes its data. */
  stop(): Promise<void>
}

/** Starts a node, which takes about ten seconds. */
export async function startOwnOpenSearch(): Promise<OwnOpenSearch> {
  await opensearch.install()
  const folder = await mkdtemp(join(tmpdir(), "spinor-own-opensearch-"))
  const place = { folder, port: await freePort(), logFile: join(folder, "log") }
  let running: Running | undefined
  let last: Promise<unknown> = Promise.resolve()
  /** One after the other: until it has ended, a node that was killed is not started again. */
  const inTurn = (work: () => Promise<void>) => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }
  const kill = () =>
    inTurn(async () => {
      if (running !== undefined) await end(running, "SIGKILL")
      running = undefined
    })
  const restart = () =>
    inTurn(async () => {
      running ??= await launch(opensearch, place)
    })
  const stop = async () => {
    await kill()
    await rm(folder, { recursive: true, force: true })
  }
  await restart().catch(async (error: unknown) => {
    await stop()
    throw error
  })
  return { url: opensearch.url(place.port), kill, restart, stop }
}
