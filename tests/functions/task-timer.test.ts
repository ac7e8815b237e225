import { once } from "node:events"
import { expect, it, vi } from "vitest"
import type { Task } from "@spinor/tasks/task"
import type { TaskDeadline } from "../../functions/compose/logged-task.ts"
import { runRegularly } from "../../functions/server/task-timer.ts"

const task: Task = { name: "long", everySeconds: 1, run: async () => ({}) }

it("tells a task under way to begin nothing more, and breaks off what does not end", async () => {
  vi.useFakeTimers()
  const given = Promise.withResolvers<TaskDeadline>()
  const stop = runRegularly([task], async (_, deadline) => {
    if (deadline === undefined) throw new Error("A task has no deadline")
    given.resolve(deadline)
    await once(deadline.stop, "abort")
    return {}
  })
  await vi.advanceTimersByTimeAsync(1000)
  const deadline = await given.promise
  expect(deadline.noMore.aborted).toBe(false)
  const stopped = stop()
  expect(deadline.noMore.aborted).toBe(true)
  expect(deadline.stop.aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(5000)
  await stopped
  vi.useRealTimers()
})
