import { describe, expect, it } from "vitest"
import { readSettings } from "@spinor/core/settings/settings"
import { linkedTo } from "./linked.ts"
import { isMarkedSecret } from "./secret-mark.ts"
import { GIVEN_SECRET } from "./stages.ts"
import { useStage } from "./synthesised.ts"
import { GENERATED_SECRET } from "./synthesis/computed.ts"

/** Where a secret has to stand, for the cloud to know it; Pulumi encrypts it in its state. */
const PLACES = new Set([
  "aws:rds/cluster:Cluster masterPassword",
  "aws:secretsmanager/secretVersion:SecretVersion secretString",
  // SST's record of what can be linked.
  "sst:sst:LinkRef properties",
])

describe.each(["production", "alice", "bob", "carol"] as const)("the stage %s", (name) => {
  const stage = useStage(name)
  const isAurora = name === "production" || name === "bob"

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
    const settings = readSettings(await linkedTo(stage(), "Api"))
    expect(settings).toMatchObject({
      SPINOR_STAGE: "production",
      SPINOR_PUBLIC_URL: stage().outputs["url"],
      DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE: `${GIVEN_SECRET}-keystore`,
      DIRACX_SERVICE_AUTH_STATE_KEY: `${GIVEN_SECRET}-state`,
      DIRACX_CONFIG_BACKEND_URL: expect.stringContaining(GIVEN_SECRET),
      DIRACX_LEGACY_EXCHANGE_HASHED_API_KEY: `${GIVEN_SECRET}-hash`,
    })
    expect(settings.DIRACX_SANDBOX_STORE_BUCKET_NAME).toMatch(/^spinor-/)
    expect(settings.commonDatabaseUrl).toContain(isAurora ? GENERATED_SECRET : GIVEN_SECRET)
    expect(settings.osDatabases.has("JOBPARAMETERSDB")).toBe(name !== "alice")
  })

  it.each(["Migrate", "Maintenance", "Events"])(
    "gives %s its stores, but no key of tokens, nor the way to the configuration",
    async (component) => {
      const variables = await linkedTo(stage(), component)
      const { commonDatabaseUrl } = readSettings(variables)
      expect(commonDatabaseUrl).toBe(readSettings(await linkedTo(stage(), "Api")).commonDatabaseUrl)
      const secrets = Object.keys(variables).filter((key) => hasSecret(variables[key]))
      const ofSearch = name === "carol" ? ["DIRACX_OS_DB_JOBPARAMETERSDB"] : []
      const ofDatabase = isAurora ? "SPINOR_DB_PASSWORD" : "SPINOR_DB_URL"
      const ofBucket = component === "Migrate" ? [] : ["DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS"]
      expect(secrets.sort()).toEqual([...ofSearch, ...ofBucket, ofDatabase])
    },
  )
})

const hasSecret = (value: unknown): boolean => {
  const text = JSON.stringify(value)
  return text.includes(GIVEN_SECRET) || text.includes(GENERATED_SECRET)
}
