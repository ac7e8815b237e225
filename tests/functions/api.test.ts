import { execFile } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { stringify } from "yaml"
import { keystoreText, newSigningKey } from "@spinor/core/security/new-keys"
import { systemRandom } from "@spinor/core/security/random"
import { newStateKey } from "@spinor/core/security/state-key"
import { bundle } from "../../functions/bundle/bundle.ts"
import { httpGet } from "../support/lambda.ts"
import { configuration } from "../support/service.ts"

let folder: string
let env: Record<string, string>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "spinor-api-"))
  await bundle({ entry: "functions/api.ts", folder: join(folder, "api"), driver: "mysql2" })
  const config = join(folder, "default.yml")
  await writeFile(config, stringify(configuration))
  env = {
    DIRACX_CONFIG_BACKEND_URL: pathToFileURL(config).href,
    DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE: keystoreText([newSigningKey("Ed25519", "test")]),
    DIRACX_SERVICE_AUTH_STATE_KEY: newStateKey(systemRandom),
    DIRACX_SANDBOX_STORE_BUCKET_NAME: "spinor",
    SPINOR_DOCUMENTS: "sql",
    AWS_ACCESS_KEY_ID: "lent",
    AWS_SECRET_ACCESS_KEY: "lent",
    SPINOR_DB_URL: "mysql+aiomysql://u:p@127.0.0.1:1/jobs",
    SPINOR_PUBLIC_URL: "https://spinor.example.org",
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Loads the function in a process of its own and asks it for a path. */
async function ask(path: string, variables: Record<string, string>) {
  const module = JSON.stringify(pathToFileURL(join(folder, "api/api.mjs")).href)
  const script = `const { handler } = await import(${module})
    const answer = await handler(${JSON.stringify(httpGet(path))})
    process.stdout.write("\\n" + JSON.stringify(answer), () => process.exit())`
  const parameters = ["--input-type=module", "--eval", script]
  const { promise, resolve } = Promise.withResolvers<{ log: string; errors: string }>()
  execFile(process.execPath, parameters, { env: variables }, (_, log, errors) =>
    resolve({ log, errors }),
  )
  const { log, errors } = await promise
  return {
    log,
    errors,
    answer: errors === "" ? JSON.parse(log.slice(log.lastIndexOf("\n"))) : undefined,
  }
}

describe("the function of the API", () => {
  it("answers an event of an HTTP API, as the issuer that its public URL names", async () => {
    const { answer } = await ask("/.well-known/openid-configuration", env)
    expect(answer).toMatchObject({
      statusCode: 200,
      headers: { "content-type": "application/json" },
    })
    expect(JSON.parse(answer.body)).toMatchObject({ issuer: env["SPINOR_PUBLIC_URL"] })
  })

  it("names every variable that is missing", async () => {
    const { errors } = await ask("/", { SPINOR_DB_URL: env["SPINOR_DB_URL"] ?? "" })
    expect(errors.match(/[A-Z_]+( \([^)]*\))? is not set$/gm)).toEqual([
      "DIRACX_CONFIG_BACKEND_URL is not set",
      "DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE is not set",
      "DIRACX_SERVICE_AUTH_STATE_KEY is not set",
      "SPINOR_PUBLIC_URL (or DIRACX_SERVICE_AUTH_TOKEN_ISSUER) is not set",
      "DIRACX_SANDBOX_STORE_BUCKET_NAME is not set",
    ])
  })

  it("keeps no sandboxes on a disk, which goes with its container", async () => {
    const { errors } = await ask("/", { ...env, SPINOR_SANDBOX_STORE: "disk" })
    expect(errors).toContain("SPINOR_SANDBOX_STORE: a function has no disk that lasts; use s3")
  })

  it("answers 503 and logs why, when it is asked for a database whose driver it lacks", async () => {
    const { answer, log } = await ask("/api/health/ready", {
      ...env,
      SPINOR_DB_URL: "postgresql+asyncpg://u:secret@127.0.0.1:1/jobs",
    })
    expect(answer).toMatchObject({ statusCode: 503, headers: { "retry-after": "10" } })
    expect(log).toContain("This function was built for mysql2 and cannot load postgres")
    expect(log).not.toContain("secret")
  })
})
