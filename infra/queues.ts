/** Messages that name a task, the function that does it, and what could not be done. */
import { serviceFunction } from "./functions.ts"
import { migration } from "./migrations.ts"
import { searchAccess } from "./search.ts"
import { removingSandboxes } from "./storage.ts"

const encrypted = { sqsManagedSseEnabled: true }
const FORTNIGHT = 14 * 86_400

export const deadLetters = new sst.aws.Queue("DeadLetters", {
  transform: { queue: { ...encrypted, messageRetentionSeconds: FORTNIGHT } },
})

const messages = new sst.aws.Queue("Tasks", {
  dlq: { queue: deadLetters.arn, retry: 5 },
  // Six times the function's, as a message may wait for a free one.
  visibilityTimeout: "30 minutes",
  transform: { queue: encrypted },
})

export const events = serviceFunction("Events", {
  module: "events",
  description: "Does the tasks that messages name",
  timeout: "5 minutes",
  memory: "512 MB",
  permissions: [
    {
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      resources: [messages.arn],
    },
    ...removingSandboxes,
    ...searchAccess("Head", "Get", "Post", "Put", "Delete"),
  ],
  after: [migration],
})

new aws.lambda.EventSourceMapping("EventsSource", {
  eventSourceArn: messages.arn,
  functionName: events.arn,
  batchSize: 10,
  functionResponseTypes: ["ReportBatchItemFailures"],
  scalingConfig: { maximumConcurrency: 2 },
})
