import { runTask } from "@spinor/tasks/run-task"
import type { Figures, Task, TaskDeps } from "@spinor/tasks/task"
import type { Log } from "./log.ts"

/** Runs a task and notes in the log what was done, or what went wrong, which it throws then. */
export type RunTask = (task: Task) => Promise<Figures | undefined>

export const loggedTask =
  (deps: TaskDeps, log: Pick<Log, "task" | "problem">): RunTask =>
  async (task) => {
    const began = performance.now()
    try {
      const figures = await runTask(task, deps)
      if (figures !== undefined) log.task(task.name, figures, performance.now() - began)
      return figures
    } catch (error) {
      log.problem(error)
      throw error
    }
  }
