/** What the service does by itself, as an AWS Lambda function that a schedule calls: `{"task": "<name>"}`, or all. */
import { tasks } from "@spinor/tasks/tasks"
import { taskDeadline, type LambdaContext } from "./lambda/deadline.ts"
import { composeTasks } from "./lambda/tasks.ts"

const { run } = await composeTasks()

/** What Lambda calls; fails when a task does, once the others are done. @public */
export const handler = async (
  event: { readonly task?: string },
  context: LambdaContext,
): Promise<object> => {
  const deadline = taskDeadline(context)
  const wanted = tasks.filter(({ name }) => event.task === undefined || event.task === name)
  if (wanted.length === 0) throw new Error(`There is no task ${event.task}`)
  const failed: string[] = []
  const done: Record<string, unknown> = {}
  for (const task of wanted) {
    try {
      done[task.name] = (await run(task, deadline)) ?? "another process is at it"
    } catch {
      failed.push(task.name)
    }
  }
  if (failed.length > 0) throw new Error(`Not done: ${failed.join(", ")}`)
  return done
}
