import { randomBytes } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { functionEnvironment } from "../../functions/lambda/environment.ts"
import { linkResources } from "../support/lambda/linked.ts"

describe("the variables of a function", () => {
  let folder: string
  let linked: Record<string, string>

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "spinor-linked-"))
    linked = await linkResources(join(folder, "resource.enc"), {
      StoreVariables: { type: "sst.sst.Linkable", SPINOR_DB_URL: "libsql://é" },
      TaskVariables: { type: "sst.sst.Linkable", SPINOR_STAGE: "linked" },
      Others: { PORT: "1" },
    })
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const read = (environment: Record<string, string>) =>
    functionEnvironment({ ...linked, ...environment }, 2)

  it("are those that a deployment has linked", () => {
    expect(read({})).toMatchObject({ SPINOR_DB_URL: "libsql://é", SPINOR_STAGE: "linked" })
    expect(read({})).not.toHaveProperty("type")
    expect(read({})).not.toHaveProperty("PORT")
  })

  it("are those of the environment first, but for empty ones", () => {
    expect(read({ SPINOR_STAGE: "mine", SPINOR_DB_URL: "" })).toMatchObject({
      SPINOR_STAGE: "mine",
      SPINOR_DB_URL: "libsql://é",
    })
  })

  it("are those of the environment alone where nothing is linked", () => {
    expect(
      functionEnvironment({ SPINOR_STAGE: "mine", SST_KEY: "", SPINOR_DATA_DIR: "" }, 2),
    ).toEqual({
      SPINOR_STAGE: "mine",
      SPINOR_DB_POOL_SIZE: "2",
    })
  })

  it("ask for so many connections as the function needs, unless they say how many", () => {
    expect(read({})).toMatchObject({ SPINOR_DB_POOL_SIZE: "2" })
    expect(read({ SPINOR_DB_POOL_SIZE: "5" })).toMatchObject({ SPINOR_DB_POOL_SIZE: "5" })
  })

  it("are refused when they were tampered with", () => {
    expect(() => read({ SST_KEY: randomBytes(32).toString("base64") })).toThrow(/authenticate/)
  })
})
