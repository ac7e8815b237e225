import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { useStage } from "./synthesised.ts"
import { toTerraform } from "./terraform/convert.ts"
import { findTerraform, type Terraform } from "./terraform/terraform.ts"

let terraform: Terraform | undefined
beforeAll(async () => {
  terraform = await findTerraform()
}, 180_000)
afterAll(() => terraform?.remove())

/** Newer than the provider that machines have, which is that of Terraform 5. */
const NEWER = { "nodejs24.x": "nodejs22.x" }

describe.each(["production", "bob"] as const)("the stage %s", (name) => {
  const stage = useStage(name)

  it("is what the provider of AWS takes, and would make", async ({ skip }) => {
    if (terraform === undefined) return skip("Terraform with its provider of AWS")
    const text = JSON.stringify(stage().resources)
    const older = Object.entries(NEWER).reduce((all, [from, to]) => all.replaceAll(from, to), text)
    const { resources, unknown } = toTerraform(JSON.parse(older), terraform.schemas)
    expect(unknown).toEqual([])
    const count = Object.values(resources).flatMap((each) => Object.keys(each)).length
    expect(count).toBe(stage().resources.filter(({ type }) => type.startsWith("aws:")).length)
    expect(await terraform.plan(resources)).toEqual({ errors: [], made: count })
    return undefined
  }, 150_000)
})
