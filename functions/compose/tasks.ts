import { readSettings } from "@spinor/core/settings/settings"
import { runTask } from "@spinor/tasks/run-task"
import type { Figures, Task } from "@spinor/tasks/task"
import { functionEnvironment } from "./environment.ts"
import { createLog } from "./log.ts"
import { composeService } from "./service.ts"
import { taskDeps } from "./task-deps.ts"

/** Runs a task and notes in the log what was done, or what went wrong, which it throws then. */
export type RunTask = (task: Task) => Promise<Figures | undefined>

/** The service as functions have it that do tasks. */
export async function composeTasks(): Promise<RunTask> {
  const settings = readSettings(functionEnvironment(process.env))
  const log = createLog()
  const service = await composeService(settings, {
    issuer: settings.SPINOR_PUBLIC_URL,
    onProblem: log.problem,
  })
  const deps = taskDeps(service, settings)
  return async (task) => {
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
}
