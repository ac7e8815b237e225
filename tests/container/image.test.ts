import { once } from "node:events"
import { access, chown, mkdtemp, readdir, writeFile } from "node:fs/promises"
import { basename, join } from "node:path"
import { text } from "node:stream/consumers"
import { setTimeout as delay } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { keystoreText, newSigningKey } from "@spinor/core/security/new-keys"
import { systemRandom } from "@spinor/core/security/random"
import { newStateKey } from "@spinor/core/security/state-key"
import {
  buildImage,
  missingBuilder,
  type Contained,
  type ContainerImage,
} from "../support/container-image.ts"
import { freePort } from "../support/free-port.ts"
import { configuration } from "../support/service.ts"

const missing = await missingBuilder()

describe("the container image", () => {
  if (missing !== undefined) {
    // Skipped by itself, it would not tell the reporter why.
    it("is built", ({ skip }) => skip(missing))
    return
  }
  let image: ContainerImage
  beforeAll(async () => {
    image = await buildImage()
  }, 300_000)
  afterAll(() => image.remove())

  it("holds the service and what it needs to run, and nothing else of the checkout", async () => {
    expect((await readdir(image.path("/spinor"))).toSorted()).toEqual([
      "LICENSE",
      "functions",
      "node_modules",
      "package-lock.json",
      "package.json",
      "packages",
    ])
    await expect(access(image.path("/spinor/node_modules/vitest"))).rejects.toThrow("ENOENT")
  })

  it("runs as a user that is not root and can write none of it", async () => {
    const code = `import { accessSync, constants } from "node:fs"
      console.log(process.getuid()); accessSync("/spinor/functions/server.ts", constants.W_OK)`
    const { output, code: status } = await ended(
      image.run({}, ["node", "--input-type=module", "--eval", code]),
    )
    expect(output).toMatch(/^1000\n/)
    expect(output).toContain("EACCES")
    expect(status).toBe(1)
  })

  it("names every setting that is missing, and embeds nothing", async () => {
    const { output, code } = await ended(image.run({ PORT: "0" }))
    expect(code).toBe(1)
    expect(output).toContain("DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE is not set")
    expect(output).toContain("(or SPINOR_DB_URL) is not set")
  })

  it("makes the tables, serves, is healthy, and stops when it is told to", async () => {
    const { env, port } = await deployment(image)
    expect(await ended(image.run(env, ["spinor", "db", "migrate"]))).toMatchObject({ code: 0 })
    const server = image.run(env)
    const output = text(server.stdout)
    const metadata = await answerOf(`http://127.0.0.1:${port}/.well-known/dirac-metadata`)
    expect(metadata).toMatchObject({ virtual_organizations: { testvo: {} } })
    const [kind, ...probe] = image.config.Healthcheck.Test
    expect(kind).toBe("CMD")
    expect(await ended(image.run(env, probe))).toMatchObject({ code: 0 })
    server.kill("SIGTERM")
    expect(await once(server, "exit")).toEqual([0, null])
    expect(await ended(image.run(env, probe))).toMatchObject({ code: 1 })
    const lines = (await output).trim().split("\n")
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ path: "/.well-known/dirac-metadata", status: 200 }),
    )
  })
})

/** The variables of a deployment whose database and configuration are files in the image. */
async function deployment(image: ContainerImage) {
  const port = await freePort()
  const folder = await mkdtemp(image.path("/tmp/spinor-"))
  await writeFile(join(folder, "default.yml"), JSON.stringify(configuration))
  await chown(folder, 1000, 1000)
  const inside = `/tmp/${basename(folder)}`
  const env = {
    PORT: String(port),
    DIRACX_CONFIG_BACKEND_URL: `file://${inside}/default.yml`,
    DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE: keystoreText([newSigningKey("Ed25519", "container")]),
    DIRACX_SERVICE_AUTH_STATE_KEY: newStateKey(systemRandom),
    SPINOR_DB_URL: `sqlite+aiosqlite:///${inside}/spinor.db`,
    SPINOR_PUBLIC_URL: "https://spinor.example.org",
    SPINOR_SANDBOX_STORE: "disk",
    SPINOR_DATA_DIR: inside,
    SPINOR_DOCUMENTS: "sql",
  }
  return { env, port }
}

/** What a process printed, and with what it ended. */
async function ended(child: Contained) {
  const outputs = Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = await once(child, "exit")
  return { code, output: (await outputs).join("") }
}

/** The JSON at a URL, once the server is there. */
async function answerOf(url: string): Promise<unknown> {
  for (let tries = 0; ; tries++) {
    try {
      return await (await fetch(url)).json()
    } catch (error) {
      if (tries === 100) throw error
      await delay(100)
    }
  }
}
