import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { bundledApi, type BundledApi } from "../support/bundled-api.ts"

let api: BundledApi
beforeAll(async () => {
  api = await bundledApi()
})
afterAll(() => api.remove())

/** What is answered first to a request for the path. */
async function ask(path: string, variables: Record<string, string>) {
  const { answers, ...printed } = await api.ask([path], variables)
  return { answer: answers[0], ...printed }
}

describe("the function of the API", () => {
  it("answers an event of an HTTP API, as the issuer that its public URL names", async () => {
    const { answer } = await ask("/.well-known/openid-configuration", api.env)
    expect(answer).toMatchObject({
      statusCode: 200,
      headers: { "content-type": "application/json" },
    })
    expect(JSON.parse(answer?.body ?? "")).toMatchObject({ issuer: api.env["SPINOR_PUBLIC_URL"] })
  })

  it("names every variable that is missing", async () => {
    const { errors } = await ask("/", { SPINOR_DB_URL: api.env["SPINOR_DB_URL"] ?? "" })
    expect(errors.match(/[A-Z_]+( \([^)]*\))? is not set$/gm)).toEqual([
      "DIRACX_CONFIG_BACKEND_URL is not set",
      "DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE is not set",
      "DIRACX_SERVICE_AUTH_STATE_KEY is not set",
      "SPINOR_PUBLIC_URL (or DIRACX_SERVICE_AUTH_TOKEN_ISSUER) is not set",
      "DIRACX_SANDBOX_STORE_BUCKET_NAME is not set",
    ])
  })

  it("keeps no sandboxes on a disk, which goes with its container", async () => {
    const { errors } = await ask("/", { ...api.env, SPINOR_SANDBOX_STORE: "disk" })
    expect(errors).toContain("SPINOR_SANDBOX_STORE: a function has no disk that lasts; use s3")
  })

  it("answers 503 and logs why, when it is asked for a database whose driver it lacks", async () => {
    const { answer, log } = await ask("/api/health/ready", {
      ...api.env,
      SPINOR_DB_URL: "postgresql+asyncpg://u:secret@127.0.0.1:1/jobs",
    })
    expect(answer).toMatchObject({ statusCode: 503, headers: { "retry-after": "10" } })
    expect(log).toContain("This function was built for mysql2 and cannot load postgres")
    expect(log).not.toContain("secret")
  })
})
