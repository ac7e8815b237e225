import type { Documents } from "@spinor/logic/documents/connect"
import { runTask } from "@spinor/tasks/run-task"
import type { Figures, Task, TaskDeps } from "@spinor/tasks/task"
import type { Log } from "./log.ts"

/** When a task has to end, where whoever does it is stopped soon after. */
export interface TaskDeadline {
  /** Nothing more of it begins. */
  readonly noMore: AbortSignal
  /** Units of work are broken off and rolled back. */
  readonly stop: AbortSignal
}

/** Runs a task and notes in the log what was done, or what went wrong, which it throws then. */
export type RunTask = (task: Task, deadline?: TaskDeadline) => Promise<Figures | undefined>

export const loggedTask =
  (deps: LoggedTaskDeps, log: Pick<Log, "task" | "problem">): RunTask =>
  async (task, deadline) => {
    const began = performance.now()
    try {
      const figures = await runTask(task, deadline ? inTime(deps, deadline) : deps)
      if (figures !== undefined) log.task(task.name, figures, performance.now() - began)
      return figures
    } catch (error) {
      log.problem(error)
      throw error
    }
  }

export type LoggedTaskDeps = TaskDeps & { readonly documents: Pick<Documents, "until"> }

const inTime = (deps: LoggedTaskDeps, { noMore, stop }: TaskDeadline): TaskDeps => ({
  ...deps,
  sql: deps.sql.until(stop),
  documents: deps.documents.until(stop),
  noMore,
})
