import { fork, type Serializable } from "node:child_process"
import { once } from "node:events"
import type { Generated } from "./answer-once.ts"

/**
 * Starts a module that answers once, and sends it a task: in a process of its own, so that what makes requests takes
 * no time of what measures.
 */
export function generate<Result extends object>(
  module: string,
  task: Serializable,
): Promise<Generated<Result>> {
  const child = fork(module, { serialization: "advanced" })
  child.send(task)
  return answerOf(child)
}

async function answerOf<Result extends object>(child: ReturnType<typeof fork>): Promise<Result> {
  const answer = await Promise.race([once(child, "message"), once(child, "exit")])
  const [result] = answer as [Result | number | null]
  if (typeof result !== "object" || result === null)
    throw new Error(`The generator ended by itself: ${result}`)
  return result
}
