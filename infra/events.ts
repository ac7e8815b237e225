/** The function that does the tasks that messages name. */
import { serviceFunction } from "./functions.ts"
import { migration } from "./migrations.ts"
import { askingForTasks, takingTasks, taskQueue } from "./queues.ts"
import { searchAccess } from "./search.ts"
import { removingSandboxes } from "./storage.ts"
import { taskVariables } from "./variables.ts"

export const events = serviceFunction("Events", {
  module: "events",
  description: "Does the tasks that messages name",
  timeout: "5 minutes",
  memory: "512 MB",
  variables: taskVariables,
  permissions: [
    ...takingTasks,
    ...askingForTasks,
    ...removingSandboxes,
    ...searchAccess("Head", "Get", "Post", "Put", "Delete"),
  ],
  after: [migration],
})

new aws.lambda.EventSourceMapping("EventsSource", {
  eventSourceArn: taskQueue.arn,
  functionName: events.arn,
  batchSize: 10,
  functionResponseTypes: ["ReportBatchItemFailures"],
  scalingConfig: { maximumConcurrency: 2 },
})
