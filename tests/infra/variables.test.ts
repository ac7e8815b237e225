import { describe, expect, it } from "vitest"
import { readSettings, type Settings } from "@spinor/core/settings/settings"
import { variables } from "@spinor/core/settings/variables"
import { chooseSandboxStore } from "../../functions/compose/sandbox-store.ts"
import { composeStores } from "../../functions/compose/stores.ts"
import { taskDeps } from "../../functions/compose/task-deps.ts"
import { linkedTo } from "./linked.ts"
import { useStage } from "./synthesised.ts"

const SPINORS = /^(DIRACX?|SPINOR)_/

/** What holds a variable, once settings are read; by its own name otherwise. */
const SETTINGS: [RegExp, keyof Settings][] = [
  [/^DIRACX_DB_URL_/, "databaseUrls"],
  [/^SPINOR_DB_(URL|TYPE|HOST|PORT|NAME|USER|PASSWORD)$/, "commonDatabaseUrl"],
  [/^DIRACX_OS_DB_/, "osDatabases"],
  [/^DIRACX_SERVICE_JOBS_ENABLED$/, "disabledServices"],
  [/^SPINOR_STAGE$/, "deployed"],
]

const settingOf = (variable: string): string =>
  SETTINGS.find(([pattern]) => pattern.test(variable))?.[1] ?? variable

const stores = (settings: Settings) => composeStores(settings, { onProblem: () => undefined })

async function tasks(settings: Settings) {
  return taskDeps(await stores(settings), chooseSandboxStore(settings).store, settings)
}

/** The settings that a composition reads, as it does at the start of a function. */
async function readBy(compose: (settings: Settings) => Promise<unknown>): Promise<string[]> {
  const settings = readSettings({
    SPINOR_STAGE: "production",
    SPINOR_DB_URL: "libsql://jobs.example.org?authToken=t",
    SPINOR_DOCUMENTS: "sql",
  })
  const names = new Set<string>()
  await compose(
    new Proxy(settings, {
      get(target, name) {
        names.add(String(name))
        return Reflect.get(target, name) as unknown
      },
    }),
  )
  return [...names].filter((name) => !name.startsWith("AWS_"))
}

describe("a stage that is given all variables", () => {
  const stage = useStage("heidi")

  const given = async (name: string) =>
    Object.keys(await linkedTo(stage(), name)).filter((variable) => SPINORS.test(variable))

  it("hands them to the function that answers requests", async () => {
    const all = Object.keys(variables.shape).filter((name) => SPINORS.test(name))
    expect(await given("Api")).toEqual(expect.arrayContaining(all))
  })

  it("hands those of tables and documents alone to the one that migrates", async () => {
    const needed = (await readBy(stores)).filter((name) => name !== "SPINOR_SQS_QUEUE_URL")
    const settings = new Set((await given("Migrate")).map(settingOf))
    expect([...settings].sort()).toEqual(needed.sort())
  })

  it.each(["Maintenance", "Events"])("hands those of tasks alone to %s", async (name) => {
    // Settings are refused where a login flow would be removed before it has expired.
    const checked = ["DEVICE_FLOW", "AUTHORIZATION_FLOW"].map(
      (flow) => `DIRACX_SERVICE_AUTH_${flow}_EXPIRATION_SECONDS`,
    )
    // For `spinor os prune`.
    const unread = ["SPINOR_OTEL_RETENTION_DAYS"]
    const settings = new Set((await given(name)).map(settingOf))
    expect([...settings].sort()).toEqual([...(await readBy(tasks)), ...checked, ...unread].sort())
  })
})
