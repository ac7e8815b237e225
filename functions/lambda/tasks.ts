import { askForTask } from "../compose/ask-for-task.ts"
import { functionSettings } from "./environment.ts"
import { createLog } from "../compose/log.ts"
import { loggedTask, type RunTask } from "../compose/logged-task.ts"
import { chooseSandboxStore } from "../compose/sandbox-store.ts"
import { composeStores } from "../compose/stores.ts"
import { taskDeps } from "../compose/task-deps.ts"

/** SQS delays no message for longer. What stands still is not asked for at once again. */
const REST_SECONDS = 900

/** Tasks as functions do them. */
export interface FunctionTasks {
  readonly run: RunTask
  /** For the log. */
  readonly problem: (error: unknown) => void
}

/** The stores as functions have them that do tasks, which need no keys and no configuration. */
export async function composeTasks(): Promise<FunctionTasks> {
  // One connection holds the lease while another one works.
  const settings = functionSettings(process.env, 2)
  const log = createLog()
  const { missing, store } = chooseSandboxStore(settings)
  const stores = await composeStores(settings, { onProblem: log.problem, missing })
  const run = loggedTask(taskDeps(stores, store, settings), log)
  const ask = askForTask(settings)
  return {
    problem: log.problem,
    async run(task, deadline) {
      const figures = await run(task, deadline)
      // What there was no time for is gone on with by who reads the queue.
      if (deadline?.noMore.aborted) await ask?.(task.name, REST_SECONDS).catch(log.problem)
      return figures
    },
  }
}
