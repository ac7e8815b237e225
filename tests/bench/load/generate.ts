import { fork, type Serializable } from "node:child_process"
import { once } from "node:events"

/** Requests of a process of their own, so that what makes them takes no time of what measures. */
export interface Generating<Result> {
  readonly pid: number
  readonly result: Promise<Result>
}

/** Starts a module that is sent a task and answers once. */
export function generate<Result extends object>(
  module: string,
  task: Serializable,
): Generating<Result> {
  const child = fork(module, { serialization: "advanced" })
  child.send(task)
  return { pid: child.pid ?? 0, result: answerOf<Result>(child) }
}

async function answerOf<Result extends object>(child: ReturnType<typeof fork>): Promise<Result> {
  const answer = await Promise.race([once(child, "message"), once(child, "exit")])
  const [result] = answer as [Result | number | null]
  if (typeof result !== "object" || result === null)
    throw new Error(`The generator ended by itself: ${result}`)
  return result
}
