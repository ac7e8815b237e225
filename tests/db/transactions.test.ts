import { spawn } from "node:child_process"
import { randomUUID } from "node:crypto"
import { once } from "node:events"
import { join } from "node:path"
import { sql } from "drizzle-orm"
import { describe, expect, it } from "vitest"
import { TaskQueueDB } from "@spinor/db/sql/task-queue/task-queue-db"
import { describeEachBackend, runsHere } from "../support/backends.ts"
import { useDatabase } from "../support/database.ts"

const HALF_WRITTEN = join(import.meta.dirname, "half-written/main.ts")

describeEachBackend("databases of one URL", (backend) => {
  const database = useDatabase(backend)

  it("keep nothing of a process that is killed between its writes and the commit", async () => {
    const stamp = randomUUID().slice(0, 30)
    const child = spawn(process.execPath, [HALF_WRITTEN, database.url, stamp])
    const exited = once(child, "exit")
    const [output] = await once(child.stdout.setEncoding("utf8"), "data")
    expect(output).toBe("written\n")
    child.kill("SIGKILL")
    await exited
    const engine = await database.engineOf("AuthDB")
    const rows = await engine.read(async (queries) => [
      ...(await queries.run(sql`select 1 as one from ${sql.identifier("spinor_attempts")}`)),
      ...(await queries.run(sql`select 1 as one from ${sql.identifier("spinor_PilotStamps")}`)),
    ])
    expect(rows).toEqual([])
  })
})

class LockedQueues extends TaskQueueDB {
  async add(): Promise<number> {
    const { taskQueues } = this.tables
    const row = { owner: "o", ownerGroup: "g", vo: "v", cpuTime: 1, priority: 1, enabled: true }
    const [id = 0] = await this.insertForIds(taskQueues, taskQueues.tqId, [row])
    return id
  }

  async increase(tqId: number): Promise<void> {
    const { taskQueues } = this.tables
    const update = this.db.update(taskQueues).set({ priority: sql`${taskQueues.priority} + 1` })
    await update.where(this.dialect.isOneOf(taskQueues.tqId, [tqId]))
  }

  async priority(tqId: number): Promise<number | undefined> {
    const { taskQueues } = this.tables
    const select = this.db.select({ priority: taskQueues.priority }).from(taskQueues)
    const [row] = await select.where(this.dialect.isOneOf(taskQueues.tqId, [tqId]))
    return row?.priority
  }
}

describe.each(["mysql", "postgresql", "planetscale"] as const)("a deadlock on %s", (backend) => {
  describe.skipIf(!runsHere(backend))("", () => {
    const database = useDatabase(backend)

    it("is run again as a whole, and shows to nobody", async () => {
      const [first, second] = await Promise.all(
        [0, 1].map(() =>
          database.sql.write({ queues: LockedQueues }, ({ queues }) => queues.add()),
        ),
      )
      let attempts = 0
      const bothHold = Promise.withResolvers<void>()
      const increase = (one = 0, other = 0) =>
        database.sql.write({ queues: LockedQueues }, async ({ queues }) => {
          await queues.increase(one)
          if (++attempts === 2) bothHold.resolve()
          await bothHold.promise
          await queues.increase(other)
        })
      await Promise.all([increase(first, second), increase(second, first)])
      expect(attempts).toBeGreaterThan(2)
      const priorities = await database.sql.read({ queues: LockedQueues }, async ({ queues }) => [
        await queues.priority(first ?? 0),
        await queues.priority(second ?? 0),
      ])
      expect(priorities).toEqual([3, 3])
    })
  })
})
