/** Brings tables and index templates up to date with each deployment, which fails when that does. */
import { cluster } from "./databases.ts"
import { serviceFunction } from "./functions.ts"
import { searchAccess } from "./search.ts"
import { storeVariables } from "./variables.ts"

export const migrate = serviceFunction("Migrate", {
  module: "migrate",
  description: "Brings tables and index templates up to date",
  timeout: "15 minutes",
  memory: "512 MB",
  variables: storeVariables,
  permissions: searchAccess("Head", "Get", "Put"),
  // Its address is known long before it answers.
  after: cluster === undefined ? [] : [cluster],
})

/** Is done anew when the code has changed, or a variable that is linked to it: its archive holds both, and is named by its hash. */
export const migration = new aws.lambda.Invocation("Migration", {
  functionName: migrate.name,
  input: "{}",
  triggers: { code: migrate.nodes.function.s3Key.apply((key) => key ?? "") },
})
