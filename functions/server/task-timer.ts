import type { Task } from "@spinor/tasks/task"
import type { RunTask } from "../compose/logged-task.ts"

/** So that a server that is started anew every few hours does what is done once a day. */
const FIRST_AFTER_SECONDS = 60

/** A part of a task that is under way has so long to end; then it is broken off, and done another time. */
const LAST_PART_MS = 5000

/**
 * Does the tasks beside the requests, each as often as it says. Gives what ends that: those under way begin
 * nothing more.
 */
export function runRegularly(tasks: readonly Task[], runTask: RunTask): () => Promise<void> {
  const underWay = new Map<Task, Promise<void>>()
  const timers = new Set<NodeJS.Timeout>()
  const [noMore, stop] = [new AbortController(), new AbortController()]
  const deadline = { noMore: noMore.signal, stop: stop.signal }

  const start = (task: Task): void => {
    if (underWay.has(task)) return
    const run = async () => {
      // What went wrong is in the log.
      await runTask(task, deadline).catch(() => undefined)
      underWay.delete(task)
    }
    underWay.set(task, run())
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
    noMore.abort()
    const breaking = setTimeout(() => stop.abort(), LAST_PART_MS)
    await Promise.all(underWay.values())
    clearTimeout(breaking)
  }
}
