import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type * as Connections from "@spinor/db/os/connection"
import { readSettings } from "@spinor/core/settings/settings"
import { bundle, type Bundled } from "../../functions/bundle/bundle.ts"
import { openSearchRunsHere, openSearchUrl } from "../support/opensearch.ts"
import { startSigv4Proxy } from "../support/stand-ins/sigv4-proxy.ts"

describe("the client of OpenSearch in a function", () => {
  let folder: string
  let files: Bundled
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "spinor-opensearch-"))
    const entry = "packages/db/src/os/connection.ts"
    files = await bundle({ entry, folder: join(folder, "os"), driver: "mysql2" })
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it("is in files of its own, which are loaded with the first call", () => {
    const holdsClient = Object.values(files).filter(({ inputs }) =>
      Object.keys(inputs).some((path) => path.includes("@opensearch-project")),
    )
    const entry = Object.values(files).find(({ entryPoint }) =>
      entryPoint?.endsWith("connection.ts"),
    )
    expect(holdsClient).not.toEqual([])
    expect(holdsClient).not.toContain(entry)
    const atStart = entry?.imports.filter(({ kind }) => kind === "import-statement") ?? []
    for (const { path } of atStart) expect(holdsClient).not.toContain(files[path])
  })

  it.skipIf(!openSearchRunsHere())("asks a cluster that verifies signatures", async () => {
    const { connectOs }: typeof Connections = await import(
      pathToFileURL(join(folder, "os/connection.mjs")).href
    )
    const credentials = { accessKeyId: "AKID", secretAccessKey: "secret", sessionToken: "token" }
    const aws = { region: "eu-west-1", service: "es" }
    const proxy = await startSigv4Proxy(openSearchUrl(), { ...credentials, ...aws })
    const read = readSettings({ DIRACX_OS_DB_X: JSON.stringify({ hosts: proxy.url, aws }) })
    const options = read.osDatabases.get("X")
    if (options === undefined) throw new Error("The settings hold what was set")
    const connection = connectOs(options, { variable: "X", credentials: () => credentials })
    try {
      const { body } = await connection.call((client) => client.info())
      expect(body.version.distribution).toBe("opensearch")
      const refused = connection.call((client) => client.get({ index: "none", id: "1" }))
      await expect(refused).rejects.toMatchObject({ name: "OsResponseError", status: 404 })
    } finally {
      await connection.close()
      proxy.close()
    }
  })
})
