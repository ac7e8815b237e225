import type { AwsCredentials } from "@spinor/db/os/aws-credentials"

/** Sends a message that names a task, which is done soon by whoever reads the queue. */
export type AskForTask = (task: string, afterSeconds?: number) => Promise<void>

export interface SqsQueue {
  readonly url: string
  readonly region: string
  /** Asked for every message: those of a function change. */
  readonly credentials: () => AwsCredentials
}

/** A message that was not taken; holds no secret. */
class MessageError extends Error {
  override readonly name = "MessageError"
}

/** An answer may wait for it. */
const TIMEOUT_MS = 2000

/**
 * Asks by a queue of Amazon SQS (SendMessage in its JSON protocol). What is asked for twice is done twice,
 * which does no harm.
 * @throws MessageError
 */
export const askBySqs =
  ({ url, region, credentials }: SqsQueue): AskForTask =>
  async (task, afterSeconds = 0) => {
    // Loaded with the first message, not with the function.
    const { AwsClient } = await import("aws4fetch")
    const { sessionToken, ...keys } = credentials()
    const lent = sessionToken === undefined ? {} : { sessionToken }
    const client = new AwsClient({ ...keys, ...lent, service: "sqs", region, retries: 1 })
    const message = {
      QueueUrl: url,
      MessageBody: JSON.stringify({ task }),
      DelaySeconds: afterSeconds,
    }
    const answer = await client
      .fetch(new URL("/", url), {
        method: "POST",
        headers: {
          "content-type": "application/x-amz-json-1.0",
          "x-amz-target": "AmazonSQS.SendMessage",
        },
        body: JSON.stringify(message),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      .catch((cause: unknown) => {
        throw new MessageError("The queue of messages does not answer", { cause })
      })
    await answer.body?.cancel()
    if (!answer.ok) throw new MessageError(`The queue of messages answers ${answer.status}`)
  }
