/** When each task is done (`packages/tasks/src/tasks.ts`), and the function that does it. */
import { serviceFunction } from "./functions.ts"
import { migration } from "./migrations.ts"
import { askingForTasks, deadLetters, givingUpTasks } from "./queues.ts"
import { searchAccess } from "./search.ts"
import { isProduction, search } from "./stage.ts"
import { removingSandboxes } from "./storage.ts"
import { taskVariables } from "./variables.ts"

export const maintenance = serviceFunction("Maintenance", {
  module: "maintenance",
  description: "Cleans up, and sends what waits for OpenSearch",
  timeout: "15 minutes",
  memory: "512 MB",
  variables: taskVariables,
  permissions: [
    ...removingSandboxes,
    ...searchAccess("Head", "Get", "Post", "Put", "Delete"),
    ...askingForTasks,
    ...givingUpTasks,
  ],
  after: [migration],
})

new aws.lambda.FunctionEventInvokeConfig("MaintenanceFailures", {
  functionName: maintenance.name,
  maximumRetryAttempts: 1,
  destinationConfig: { onFailure: { destination: deadLetters.arn } },
})

const schedule = (name: string, task: string, at: sst.aws.CronV2Args["schedule"]) =>
  new sst.aws.CronV2(name, {
    function: maintenance.arn,
    schedule: at,
    event: { task },
    retries: 3,
    dlq: deadLetters.arn,
  })

schedule("KeepAuth", "keep_auth", "cron(0 2 * * ? *)")
schedule("CleanSandboxStore", "clean_sandbox_store", "cron(20 2 * * ? *)")
schedule("PruneDocuments", "prune_documents", "cron(40 2 * * ? *)")
// Documents in the database wait for nobody; a developer's database would never sleep.
if (search !== "sql") {
  schedule("FlushOutboxes", "flush_outboxes", isProduction ? "rate(1 minute)" : "rate(1 day)")
}
