import { describe, expect, it } from "vitest"
import { useDeployment } from "../../support/lambda/deployment.ts"
import { httpGet } from "../../support/lambda/http-event.ts"
import { lambdaRunsHere } from "../../support/lambda/runtime-client.ts"

const canRun = await lambdaRunsHere()
const READY = httpGet("/api/health/ready")

describe.skipIf(!canRun)("a function", () => {
  const deployment = useDeployment("mysql2")

  it("names every variable that is missing", async () => {
    const missing = [
      "DIRACX_CONFIG_BACKEND_URL",
      "DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE",
      "DIRACX_SERVICE_AUTH_STATE_KEY",
      "SPINOR_PUBLIC_URL",
      "DIRACX_SANDBOX_STORE_BUCKET_NAME",
    ]
    const api = await deployment.start("api", Object.fromEntries(missing.map((name) => [name, ""])))
    const failure = api.invoke(READY)
    await expect(failure).rejects.toMatchObject({ type: "SettingsError" })
    for (const name of missing) await expect(failure).rejects.toThrow(name)
  })

  it.each(["migrate", "maintenance", "events"] as const)(
    "%s needs its stores alone",
    async (name) => {
      const lambda = await deployment.start(name, { SPINOR_DB_URL: "" })
      const failure = await lambda.invoke({}).then(String, (error: Error) => error.message)
      const lacked = failure.match(/^.* is not set$/gm) ?? []
      expect(lacked.length).toBeGreaterThan(1)
      for (const line of lacked) expect(line).toContain("DIRACX_DB_URL_")
    },
  )

  it("keeps no sandboxes on a disk, which goes with its container", async () => {
    const api = await deployment.start("api", { SPINOR_SANDBOX_STORE: "disk" })
    await expect(api.invoke(READY)).rejects.toThrow(
      "SPINOR_SANDBOX_STORE: a function has no disk that lasts; use s3",
    )
  })

  it("answers 503 and logs why, when it is asked for a database whose driver it lacks", async () => {
    const api = await deployment.start("api", {
      SPINOR_DB_URL: "postgresql+asyncpg://u:secret@127.0.0.1:1/jobs",
    })
    expect(await api.invoke(READY)).toMatchObject({
      statusCode: 503,
      headers: { "retry-after": "10" },
    })
    expect(api.log()).toContain("This function was built for mysql2 and cannot load postgres")
    expect(api.log()).not.toContain("secret")
  })
})
