import { describe, expect, it } from "vitest"
import type { Stage } from "./synthesised.ts"
import { useStage } from "./synthesised.ts"

const INVOCATION = "aws:lambda/invocation:Invocation"

/** All that is there before a resource, by the names. */
function before(stage: Stage, name: string): Set<string> {
  const found = new Set<string>()
  const wanted = [name]
  for (let next = wanted.pop(); next !== undefined; next = wanted.pop()) {
    for (const { dependencies } of stage.resources.filter((each) => each.name === next)) {
      for (const urn of dependencies) {
        const dependency = urn.split("::").at(-1) ?? ""
        if (!found.has(dependency)) wanted.push(dependency)
        found.add(dependency)
      }
    }
  }
  return found
}

describe.each(["production", "alice", "bob"] as const)("a deployment of %s", (name) => {
  const stage = useStage(name)

  it("answers requests and does tasks with new code once it has migrated", () => {
    const users = ["ApiFunction", "MaintenanceFunction", "EventsFunction", "EventsSource"]
    const schedules = stage()
      .of("aws:scheduler/schedule:Schedule")
      .map(({ name: schedule }) => schedule)
    expect(schedules.length).toBeGreaterThan(2)
    for (const user of [...users, ...schedules]) {
      expect(before(stage(), user)).toContain("Migration")
    }
  })

  it("migrates once the database answers, and waits for nothing that waits for it", () => {
    const needed = before(stage(), "Migration")
    expect(needed).toContain("MigrateFunction")
    expect(needed).not.toContain("ApiFunction")
    expect(needed.has("DatabaseInstance")).toBe(name !== "alice")
    expect(needed.has("DatabaseProxyTarget")).toBe(name === "production")
  })

  // The provider fails it when the function does (FunctionError of Lambda's answer), and asks nothing of
  // the function when it is deleted: github.com/hashicorp/terraform-provider-aws,
  // internal/service/lambda/invocation.go, which Pulumi's wraps.
  it("waits for the answer, and asks for nothing when the stage is removed", () => {
    const { inputs } = stage().one(INVOCATION)
    expect(inputs["lifecycleScope"] ?? "CREATE_ONLY").toBe("CREATE_ONLY")
    expect(inputs["functionName"]).toBe(
      stage().one("aws:lambda/function:Function", "MigrateFunction").inputs["name"],
    )
  })
})

describe("a deployment that is done again", () => {
  const [first, otherKeys, otherSettings] = [
    useStage("alice"),
    useStage("grace"),
    useStage("heidi"),
  ]
  const codeOf = (stage: Stage) => {
    const { triggers } = stage.one(INVOCATION).inputs as { triggers: { code: string } }
    expect(triggers.code).toMatch(/^assets\/Migrate-code-[0-9a-f]{64}\.zip$/)
    expect(stage.one("aws:lambda/function:Function", "MigrateFunction").inputs).toMatchObject({
      s3Key: triggers.code,
    })
    return triggers.code
  }

  it("migrates when what it says of databases has changed, not when the keys have", () => {
    expect(codeOf(otherSettings())).not.toBe(codeOf(first()))
    expect(codeOf(otherKeys())).toBe(codeOf(first()))
  })
})
