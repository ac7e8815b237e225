import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { describe, expect, it, onTestFinished } from "vitest"
import { parseKeystore } from "@spinor/core/security/keystore"
import { keystoreText, newSigningKey } from "@spinor/core/security/new-keys"
import { DEMO_VO } from "@spinor/local/demo"
import { refresh } from "../support/document-stores.ts"
import { freshPrefix, openSearchRunsHere, openSearchUrl } from "../support/opensearch.ts"
import { startServer } from "../support/server.ts"
import { serviceOn, type Json } from "../support/service.ts"
import { startTcpProxy } from "../support/tcp-proxy.ts"

const PATIENCE_MS = 30_000

describe.skipIf(!openSearchRunsHere())("npm start with an OpenSearch", () => {
  it(
    "that is away serves, says so, and sends by itself what waited",
    { timeout: 60_000 },
    async () => {
      const { hostname: host, port } = new URL(openSearchUrl())
      const proxy = await startTcpProxy({ host, port: Number(port) })
      await proxy.cut()
      const { prefix, drop } = freshPrefix()
      const folder = await mkdtemp(join(tmpdir(), "spinor-outbox-"))
      const keys = keystoreText([newSigningKey("Ed25519", "outbox")])
      const server = await startServer({
        SPINOR_DATA_DIR: folder,
        DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE: keys,
        DIRACX_FACTORY_OS_GLOBAL_PREFIX: prefix,
        DIRACX_OS_DB_JOBPARAMETERSDB: JSON.stringify({
          hosts: `http://user:secret@127.0.0.1:${proxy.port}`,
        }),
      })
      onTestFinished(async () => {
        await server.stop()
        await proxy.cut()
        await drop()
        await rm(folder, { recursive: true })
      })
      const { tokenFor } = serviceOn(undefined as never, { keystore: parseKeystore(keys) })
      const token = tokenFor({ vo: DEMO_VO }, { iss: server.url })
      const call = async (method: string, path: string, body?: unknown): Promise<Json> => {
        const answer = await fetch(`${server.url}${path}`, {
          method,
          ...(body !== undefined && { body: JSON.stringify(body) }),
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        })
        const text = await answer.text()
        return text === "" ? answer.status : JSON.parse(text)
      }

      const [{ JobID }] = await call("POST", "/api/jobs/jdl", ["[]"])
      expect(await call("PATCH", "/api/jobs/metadata", { [JobID]: { GridCE: "ce1" } })).toBe(204)
      expect(await call("GET", "/api/health/ready")).toEqual({
        status: "ready",
        warnings: ["JobParametersDB is not written: OpenSearch is away"],
      })
      expect(server.output()).toMatch(/OpenSearch is away.*OsConnectionError: .*ECONN/)
      await proxy.open()
      let found: Json = []
      for (const end = Date.now() + PATIENCE_MS; found.length !== 1 && Date.now() < end;) {
        await delay(250)
        await refresh(prefix)
        found = await call("POST", "/api/jobs/parameters/search", {})
      }
      expect(found).toMatchObject([{ JobID, GridCE: "ce1" }])
      expect(await call("GET", "/api/health/ready")).toEqual({ status: "ready" })
      expect(server.output()).not.toContain("secret")
    },
  )
})
