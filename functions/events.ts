/** Tasks that messages of a queue (SQS) ask for, as an AWS Lambda function; the body of each is `{"task": "<name>"}`. */
import { tasks } from "@spinor/tasks/tasks"
import { taskDeadline, type LambdaContext } from "./lambda/deadline.ts"
import { composeTasks } from "./lambda/tasks.ts"

class MessageError extends Error {
  override readonly name = "MessageError"
}

interface Message {
  readonly messageId: string
  readonly body: string
}

const { run, problem } = await composeTasks()

/** What Lambda calls: the messages that it names come again, and at last to the dead letters. @public */
export const handler = async (
  event: { readonly Records: readonly Message[] },
  context: LambdaContext,
): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> => {
  const deadline = taskDeadline(context)
  const failed: string[] = []
  const done = new Set<string>()
  for (const { messageId, body } of event.Records) {
    const task = tasks.find(({ name }) => name === taskOf(body))
    if (task === undefined) {
      problem(new MessageError(`The message ${messageId} names no task`))
      failed.push(messageId)
      continue
    }
    try {
      // What several ask for is done once.
      if (!done.has(task.name)) await run(task, deadline)
      done.add(task.name)
    } catch {
      failed.push(messageId)
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) }
}

function taskOf(body: string): unknown {
  try {
    return Object(JSON.parse(body))["task"]
  } catch {
    return undefined
  }
}
