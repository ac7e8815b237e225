import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { readSettings } from "@spinor/core/settings/settings"
import { functionEnvironment } from "../../functions/compose/environment.ts"
import { isMarkedSecret } from "./secret-mark.ts"
import { GIVEN_SECRET, useStage, type Stage } from "./synthesised.ts"
import { GENERATED_SECRET } from "./synthesis/computed.ts"

/** Where a secret has to stand, for the cloud to know it; Pulumi encrypts it in its state. */
const PLACES = new Set([
  "aws:rds/cluster:Cluster masterPassword",
  "aws:secretsmanager/secretVersion:SecretVersion secretString",
  // SST's record of what can be linked.
  "sst:sst:LinkRef properties",
])

describe.each([
  ["production", {}],
  ["alice", {}],
  [
    "bob",
    {
      DEPLOY_DATABASE: "aurora-postgresql",
      DEPLOY_SEARCH: "external",
      SST_SECRET_SearchConnection: `{"hosts": "https://user:${GIVEN_SECRET}@search.example.org"}`,
    },
  ],
] as const)("the stage %s", (name, settings) => {
  const stage = useStage(name, { ...settings, DIRACX_LEGACY_EXCHANGE_HASHED_API_KEY: GIVEN_SECRET })

  it("has secrets where they must be, marked as such, and nowhere else", () => {
    const found = stage().resources.flatMap(({ type, inputs }) =>
      Object.entries(inputs)
        .filter(([, value]) => hasSecret(value))
        .map(([property, value]) => ({
          place: `${type} ${property}`,
          isMarked: isMarkedSecret(value),
        })),
    )
    expect(found.filter(({ place, isMarked }) => !PLACES.has(place) || !isMarked)).toEqual([])
  })

  it("has no secret among its outputs", () => {
    expect(hasSecret(stage().outputs)).toBe(false)
  })

  it("gives its functions no variables but the key of those that are linked", () => {
    for (const { inputs } of stage().of("aws:lambda/function:Function")) {
      const { variables } = inputs["environment"] as { variables: object }
      expect(Object.keys(variables).sort()).toEqual(["SST_KEY", "SST_KEY_FILE", "SST_RESOURCE_App"])
    }
  })

  it("links what its functions need to start", async () => {
    const settings = await settingsOf(stage(), "Api")
    expect(settings).toMatchObject({
      SPINOR_STAGE: "production",
      SPINOR_PUBLIC_URL: "https://api123.execute-api.eu-central-1.amazonaws.com",
      DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE: `${GIVEN_SECRET}-Keystore`,
      DIRACX_SERVICE_AUTH_STATE_KEY: `${GIVEN_SECRET}-StateKey`,
      DIRACX_CONFIG_BACKEND_URL: `${GIVEN_SECRET}-ConfigUrl`,
      DIRACX_LEGACY_EXCHANGE_HASHED_API_KEY: GIVEN_SECRET,
      SPINOR_DB_POOL_SIZE: 2,
    })
    expect(settings.DIRACX_SANDBOX_STORE_BUCKET_NAME).toMatch(/^spinor-/)
    expect(settings.commonDatabaseUrl).toMatch(
      name === "alice" ? `${GIVEN_SECRET}-DatabaseUrl` : `spinor:${GENERATED_SECRET}@`,
    )
  })
})

const hasSecret = (value: unknown): boolean => {
  const text = JSON.stringify(value)
  return text.includes(GIVEN_SECRET) || text.includes(GENERATED_SECRET)
}

/** Reads the settings as a function does, of what lies beside its code. */
async function settingsOf(stage: Stage, name: string) {
  const built = stage.functions.find((each) => each.name === name)
  const { inputs } = stage.one("aws:lambda/function:Function", `${name}Function`)
  const { variables } = inputs["environment"] as { variables: Record<string, string> }
  const folder = await mkdtemp(join(tmpdir(), "spinor-linked-"))
  try {
    const file = join(folder, "resource.enc")
    await writeFile(file, built?.encrypted ?? "", "base64")
    return readSettings(functionEnvironment({ ...variables, SST_KEY_FILE: file }))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
