import { randomUUID } from "node:crypto"
import { once } from "node:events"
import { createServer, type Server } from "node:http"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe } from "vitest"
import type { Clock } from "@spinor/core/instant"
import { s3Store } from "@spinor/logic/sandboxes/s3-store"
import type { SandboxStore } from "@spinor/logic/sandboxes/store"
import { needsAll, serverUrl } from "./servers.ts"
import { sandboxesIn } from "./service.ts"

/** A store of a suite's own, and the URL under which the service itself would be. */
export interface TestStore {
  readonly store: SandboxStore
  readonly origin: string
}

/** Describes one suite for each store; on one that this machine lacks its tests are skipped. */
export function describeEachStore(title: string, suite: (useStore: typeof useDisk) => void): void {
  describe(`${title} on disk`, () => suite(useDisk))
  describe.skipIf(!s3RunsHere())(`${title} in S3`, () => suite(useS3))
}

/** Whether tests run on it here: it is present, or its absence shall be a failure. */
export const s3RunsHere = (): boolean => needsAll() || serverUrl("s3") !== undefined

/** A folder, and a server that takes and gives what is in it. */
export function useDisk(clock: Clock): TestStore {
  let folder = ""
  let origin = ""
  let store: SandboxStore | undefined
  let server: Server | undefined
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "spinor-sandboxes-"))
    const disk = sandboxesIn(folder, clock)
    store = disk.store
    server = createServer(disk.listener).listen(0, "127.0.0.1")
    await once(server, "listening")
    const address = server.address()
    if (typeof address !== "object" || address === null) throw new Error("no address")
    origin = `http://127.0.0.1:${address.port}`
  })
  afterAll(async () => {
    server?.closeAllConnections()
    server?.close()
    await rm(folder, { recursive: true, force: true })
  })
  return {
    get store() {
      return known(store)
    },
    get origin() {
      return origin
    },
  }
}

/** A bucket of a real S3 server, made by the store itself. */
function useS3(clock: Clock): TestStore {
  const name = `spinor-${randomUUID().slice(0, 8)}`
  const url = new URL(serverUrl("s3") ?? "http://127.0.0.1:1")
  const bucket = {
    name,
    url: `${url.origin}/${name}`,
    region: "us-east-1",
    accessKeyId: url.username,
    secretAccessKey: url.password,
    sessionToken: undefined,
  }
  const named = { seName: "SandboxSE", urlValiditySeconds: 300 }
  return {
    store: s3Store({ bucket, createBucket: true, clock, ...named }),
    origin: "http://127.0.0.1:1",
  }
}

function known<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("A store is used outside of a test")
  return value
}
