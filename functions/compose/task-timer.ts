import { runTask } from "@spinor/tasks/run-task"
import type { Task, TaskDeps } from "@spinor/tasks/task"
import type { Log } from "./log.ts"

/** So that a server that is started anew every few hours does what is done once a day. */
const FIRST_AFTER_SECONDS = 60

/**
 * Does the tasks beside the requests, each as often as it says. Gives what ends that, once those under
 * way are done.
 */
export function runRegularly(
  tasks: readonly Task[],
  deps: TaskDeps,
  log: Pick<Log, "task" | "problem">,
): () => Promise<void> {
  const underWay = new Map<Task, Promise<void>>()
  const timers = new Set<NodeJS.Timeout>()

  const run = async (task: Task): Promise<void> => {
    const began = performance.now()
    try {
      const figures = await runTask(task, deps)
      if (figures !== undefined) log.task(task.name, figures, performance.now() - began)
    } catch (error) {
      log.problem(error)
    }
  }
  const start = (task: Task): void => {
    if (underWay.has(task)) return
    underWay.set(
      task,
      run(task).finally(() => underWay.delete(task)),
    )
  }

  for (const task of tasks) {
    const first = Math.min(task.everySeconds, FIRST_AFTER_SECONDS)
    const beginning = setTimeout(() => {
      timers.delete(beginning)
      start(task)
      timers.add(setInterval(() => start(task), task.everySeconds * 1000))
    }, first * 1000)
    timers.add(beginning)
  }
  return async () => {
    for (const timer of timers) clearTimeout(timer)
    await Promise.all(underWay.values())
  }
}
