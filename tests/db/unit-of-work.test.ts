import { setImmediate } from "node:timers/promises"
import { sql } from "drizzle-orm"
import { expect, it } from "vitest"
import { causes } from "@spinor/core/causes"
import { SqlDatabase } from "@spinor/db/sql/database"
import { taskQueueTables, type TaskQueueTables } from "@spinor/db/sql/task-queue/schema"
import { describeEachBackend } from "../support/backends.ts"
import { useDatabase } from "../support/database.ts"

/** The smallest database: queues by owner. */
class QueuesDB extends SqlDatabase<TaskQueueTables> {
  static readonly databaseName: string = "TaskQueueDB"
  static readonly declareTables = taskQueueTables

  async add(...owners: string[]): Promise<number[]> {
    const { taskQueues } = this.tables
    const rows = owners.map((owner) => ({
      owner,
      ownerGroup: "user",
      vo: "testvo",
      cpuTime: 2 ** 50,
      priority: 0.5,
      enabled: true,
    }))
    return await this.insertForIds(taskQueues, taskQueues.tqId, rows)
  }

  async of(owner: string): Promise<number[]> {
    const { taskQueues } = this.tables
    const rows = await this.db
      .select({ id: taskQueues.tqId, cpuTime: taskQueues.cpuTime, enabled: taskQueues.enabled })
      .from(taskQueues)
      .where(this.dialect.exactly(taskQueues.owner, owner))
      .orderBy(taskQueues.tqId)
    expect(rows.every((row) => row.cpuTime === 2 ** 50 && row.enabled)).toBe(true)
    return rows.map((row) => row.id)
  }

  async putJob(tqId: number, jobId: number): Promise<void> {
    const { jobsQueue } = this.tables
    await this.db.insert(jobsQueue).values({ tqId, jobId, priority: 1, realPriority: 1 })
  }

  async lockAndRename(owner: string, to: string): Promise<number> {
    const { taskQueues } = this.tables
    await this.dialect.lockRows(
      this.db.select({ id: taskQueues.tqId }).from(taskQueues).orderBy(taskQueues.tqId),
    )
    const updated = this.db
      .update(taskQueues)
      .set({ owner: to })
      .where(this.dialect.exactly(taskQueues.owner, owner))
    return this.dialect.affectedRows(await updated)
  }

  async remove(owner: string): Promise<void> {
    const { taskQueues } = this.tables
    await this.db.delete(taskQueues).where(this.dialect.exactly(taskQueues.owner, owner))
  }

  async countJobs(tqId: number): Promise<number> {
    const { jobsQueue } = this.tables
    const rows = await this.db
      .select()
      .from(jobsQueue)
      .where(sql`${jobsQueue.tqId} = ${tqId}`)
    return rows.length
  }
}

class OtherQueuesDB extends QueuesDB {
  static override readonly databaseName = "JobDB"
}

/** drizzle says of its statements which one failed, and why in the cause. */
const isOver = (error: unknown): boolean =>
  [...causes(error)].some((cause) => String(cause) === "Error: The unit of work is over")

describeEachBackend("a unit of work", (backend) => {
  const database = useDatabase(backend)
  const read = <R>(work: (queues: QueuesDB) => Promise<R>) =>
    database.sql.read({ queues: QueuesDB }, ({ queues }) => work(queues))
  const write = <R>(work: (queues: QueuesDB) => Promise<R>) =>
    database.sql.write({ queues: QueuesDB }, ({ queues }) => work(queues))

  it("gives the ids of the rows of one insert in their order", async () => {
    const ids = await write((queues) => queues.add("ordered", "ordered", "ordered"))
    expect(await read((queues) => queues.of("ordered"))).toEqual(ids)
  })

  it("rolls back all databases and runs no effect when the work throws", async () => {
    const effects: string[] = []
    const failing = database.sql.write(
      { one: QueuesDB, other: OtherQueuesDB },
      async ({ one, other }, afterCommit) => {
        afterCommit(async () => void effects.push("sent"))
        await one.add("undone")
        expect(await other.of("undone")).toHaveLength(1)
        throw new Error("no")
      },
    )
    await expect(failing).rejects.toThrow("no")
    expect(effects).toEqual([])
    expect(await read((queues) => queues.of("undone"))).toEqual([])
  })

  it.each<[when: string, pause: (queues: QueuesDB, failed: Promise<void>) => Promise<unknown>]>([
    ["while it is undone", () => setImmediate()],
    ["when its statement is answered", (queues) => queues.of("nobody")],
    ["afterwards", (_, failed) => failed],
  ])("hears nothing of a part that goes on when another failed, %s", async (when, pause) => {
    const failed = Promise.withResolvers<void>()
    let late: Promise<unknown> | undefined
    const unit = write(async (queues) => {
      await queues.add(when)
      late = pause(queues, failed.promise).then(() => queues.add(when))
      await Promise.all([late, Promise.reject(new TypeError("its own"))])
    })
    await expect(unit).rejects.toThrow(TypeError)
    failed.resolve()
    await expect(late).rejects.toSatisfy(isOver)
    expect(await read((queues) => queues.of(when))).toEqual([])
  })

  it("hears nothing of a part that goes on while it commits", async () => {
    let late: Promise<unknown> | undefined
    const added = await write(async (queues) => {
      const ids = await queues.add("committed")
      late = setImmediate().then(() => queues.add("committed"))
      late.catch(() => undefined)
      return ids
    })
    await expect(late).rejects.toSatisfy(isOver)
    expect(await read((queues) => queues.of("committed"))).toEqual(added)
  })

  it("runs effects after the commit", async () => {
    let seen: number[] = []
    await database.sql.write({ queues: QueuesDB }, async ({ queues }, afterCommit) => {
      afterCommit(async () => void (seen = await read((q) => q.of("effective"))))
      await queues.add("effective")
    })
    expect(seen).toHaveLength(1)
  })

  it("counts the rows that an update matches, changed or not", async () => {
    await write((queues) => queues.add("same"))
    expect(await write((queues) => queues.lockAndRename("same", "same"))).toBe(1)
    expect(await write((queues) => queues.lockAndRename("nobody", "same"))).toBe(0)
  })

  it("compares exactly where it confines", async () => {
    await write((queues) => queues.add("Exact"))
    expect(await read((queues) => queues.of("exact"))).toEqual([])
  })

  it("enforces foreign keys on every connection", async () => {
    await expect(write((queues) => queues.putJob(999_999, 1))).rejects.toThrow()
    const [id = 0] = await write((queues) => queues.add("cascading"))
    await write((queues) => queues.putJob(id, 1))
    await write((queues) => queues.remove("cascading"))
    expect(await read((queues) => queues.countJobs(id))).toBe(0)
  })

  it("lets concurrent writers through one after the other", async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        write(async (queues) => {
          await queues.lockAndRename("nobody", "nobody")
          await queues.add(`crowd${i % 2}`)
        }),
      ),
    )
    expect(await read((queues) => queues.of("crowd0"))).toHaveLength(10)
    expect(await read((queues) => queues.of("crowd1"))).toHaveLength(10)
  })
})
