import { readSettings } from "@spinor/core/settings/settings"
import { functionEnvironment } from "./environment.ts"
import { createLog } from "./log.ts"
import { loggedTask, type RunTask } from "./logged-task.ts"
import { composeService } from "./service.ts"
import { taskDeps } from "./task-deps.ts"

/** The service as functions have it that do tasks. */
export async function composeTasks(): Promise<RunTask> {
  const settings = readSettings(functionEnvironment(process.env))
  const log = createLog()
  const service = await composeService(settings, {
    issuer: settings.SPINOR_PUBLIC_URL,
    onProblem: log.problem,
  })
  return loggedTask(taskDeps(service, settings), log)
}
