import { describe, expect, it } from "vitest"
import { systemClock } from "@spinor/core/instant"
import type { S3Bucket } from "@spinor/logic/sandboxes/s3-signer"
import { s3Store } from "@spinor/logic/sandboxes/s3-store"
import { useDatabase } from "../../support/database.ts"
import { freePort } from "../../support/free-port.ts"
import { needsAll, serverUrl } from "../../support/servers.ts"
import { bob, serviceOn } from "../../support/service.ts"
import { announced } from "../../support/stored-sandboxes.ts"

describe.skipIf(!needsAll() && serverUrl("s3") === undefined)("a store in S3", () => {
  const database = useDatabase("sqlite")
  const url = new URL(serverUrl("s3") ?? "http://127.0.0.1:1")
  const usual: S3Bucket = {
    name: "never-made",
    url: `${url.origin}/never-made`,
    region: "us-east-1",
    accessKeyId: url.username,
    secretAccessKey: url.password,
    sessionToken: undefined,
  }
  const storeWith = (changed: Partial<S3Bucket>) =>
    s3Store({
      bucket: { ...usual, ...changed },
      createBucket: false,
      clock: systemClock,
      seName: "SandboxSE",
      urlValiditySeconds: 300,
    })
  const twice = async (changed: Partial<S3Bucket>) => {
    const { call } = serviceOn(database.sql, { sandboxStore: storeWith(changed) })
    const body = announced()
    await call("POST", "/api/jobs/sandbox", { as: bob, body })
    return await call("POST", "/api/jobs/sandbox", { as: bob, body })
  }

  it("says that its bucket is missing", async () => {
    expect(await storeWith({}).problem()).toBe("The sandbox store has no such bucket")
  })

  it("says that it is refused", async () => {
    const wrong = { secretAccessKey: "wrong" }
    const refused = "The sandbox store refuses the service: its key, or its rights on the bucket"
    expect(await storeWith(wrong).problem()).toBe(refused)
    expect(await twice(wrong)).toMatchObject({ status: 503, body: { detail: refused } })
  })

  it("says that it is away", async () => {
    const away = { url: `http://127.0.0.1:${await freePort()}/never-made` }
    const detail = "Cannot connect to the sandbox store"
    expect(await storeWith(away).problem()).toBe(detail)
    expect(await twice(away)).toMatchObject({ status: 503, body: { detail } })
  })
})
