import { randomBytes } from "node:crypto"
import { describe, expect, it } from "vitest"
import { plusSeconds, type Instant } from "@spinor/core/instant"
import { runTask } from "@spinor/tasks/run-task"
import type { TaskDeps } from "@spinor/tasks/task"
import { tasks } from "@spinor/tasks/tasks"
import { describeEachBackend, describeEachDialect } from "../support/backends.ts"
import { useDatabase, type TestDatabase } from "../support/database.ts"
import { openDocuments } from "../support/document-stores.ts"
import { admin, serviceOn } from "../support/service.ts"
import { storeJobs } from "../support/stored-jobs.ts"
import { registered, storedSandboxes } from "../support/stored-sandboxes.ts"

const DAY = 86_400

const taskNamed = (name: string) => {
  const task = tasks.find((each) => each.name === name)
  if (task === undefined) throw new Error(`There is no task ${name}`)
  return task
}

async function depsOn(database: TestDatabase, more: Partial<TaskDeps> = {}): Promise<TaskDeps> {
  const { deps } = serviceOn(database.sql)
  return {
    sql: database.sql,
    engineOf: (name) => database.engineOf(name),
    clock: deps.clock,
    sandboxStore: deps.sandboxStore,
    documents: await openDocuments(database.sql),
    retention: {
      auth: { refreshTokenMonths: 6, flowMinutes: 60 },
      documents: { JobParametersDB: 30, PilotLogsDB: 90 },
    },
    ...more,
  }
}

describeEachBackend("the tasks of the service", (backend) => {
  const database = useDatabase(backend)
  const later = (days: number) => (): Instant =>
    plusSeconds(serviceOn(database.sql).deps.clock(), days * DAY)

  it("can all be done on an empty database, and again", async () => {
    const deps = await depsOn(database)
    for (const task of [...tasks, ...tasks]) {
      const figures = await runTask(task, deps)
      const { partitionsAdded: _, ...others } = figures ?? {}
      expect([task.name, Object.values(others).filter((figure) => figure !== 0)]).toEqual([
        task.name,
        [],
      ])
    }
  })

  it("remove sandboxes that no job has", async () => {
    const pfn = await registered(serviceOn(database.sql))
    const deps = await depsOn(database, { clock: later(16) })
    expect(await runTask(taskNamed("clean_sandbox_store"), deps)).toEqual({ removed: 1, left: 0 })
    expect(await storedSandboxes(database.sql).row(pfn)).toBeUndefined()
  })

  it("remove parameters that are older than they are kept, and no others", async () => {
    const [old = 0, young = 0] = await storeJobs(database.sql, [{}, {}])
    const { call } = serviceOn(database.sql)
    const at = (days: number) => new Date(Date.now() + days * DAY * 1000).toISOString()
    const body = { [old]: { timestamp: at(-31) }, [young]: { timestamp: at(-29) } }
    await call("PATCH", "/api/jobs/metadata", { as: admin, body })
    const deps = await depsOn(database)
    expect(await runTask(taskNamed("prune_documents"), deps)).toMatchObject({ JobParametersDB: 1 })
    const { body: left } = await call("POST", "/api/jobs/parameters/search", {
      as: admin,
      body: {},
    })
    expect(left).toMatchObject([{ JobID: young }])
  })
})

describeEachDialect("a task that another process does", (backend) => {
  describe.skipIf(backend === "sqlite")("", () => {
    const database = useDatabase(backend)

    it(
      "is not done a second time at once, and can be done afterwards",
      { timeout: 60_000 },
      async () => {
        const deps = await depsOn(database)
        const begun = Promise.withResolvers<void>()
        const end = Promise.withResolvers<void>()
        const name = `test_${randomBytes(4).toString("hex")}`
        const slow = {
          name,
          everySeconds: DAY,
          leasedIn: "JobDB",
          async run() {
            begun.resolve()
            await end.promise
            return { done: 1 }
          },
        }
        const first = runTask(slow, deps)
        await begun.promise
        expect(await runTask({ ...slow, run: async () => ({ done: 2 }) }, deps)).toBeUndefined()
        end.resolve()
        expect(await first).toEqual({ done: 1 })
        expect(await runTask({ ...slow, run: async () => ({ done: 3 }) }, deps)).toEqual({
          done: 3,
        })
      },
    )
  })
})
