/** The function that answers requests; it is replaced once the tables are what it expects. */
import { serviceFunction } from "./functions.ts"
import { gateway } from "./gateway.ts"
import { migration } from "./migrations.ts"
import { askingForTasks } from "./queues.ts"
import { searchAccess } from "./search.ts"
import { concurrency, isProduction } from "./stage.ts"
import { signingSandboxes } from "./storage.ts"
import { requestVariables } from "./variables.ts"

export const api = serviceFunction("Api", {
  module: "api",
  description: "Answers requests",
  // The gateway waits for thirty.
  timeout: "29 seconds",
  memory: isProduction ? "1769 MB" : "1024 MB",
  variables: requestVariables,
  permissions: [
    ...signingSandboxes,
    ...askingForTasks,
    ...searchAccess("Head", "Get", "Post", "Put"),
  ],
  after: [migration],
  ...(concurrency !== undefined && { concurrency }),
})

gateway.route("$default", api.arn)
