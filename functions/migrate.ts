/** Brings tables and index templates up to date, as an AWS Lambda function that a deployment calls: it fails when that does. */
import { functionSettings } from "./lambda/environment.ts"
import { createLog } from "./compose/log.ts"
import { composeStores } from "./compose/stores.ts"
import { bringUpToDate } from "./compose/tables.ts"

// One connection holds the lease while another one migrates.
const settings = functionSettings(process.env, 2)
const stores = await composeStores(settings, { onProblem: createLog().problem })

/** What Lambda calls; a second call finds nothing to do. @public */
export const handler = async (): Promise<object> => {
  await bringUpToDate(stores)
  const templates: Record<string, string> = {}
  for (const [name, store] of stores.documents.upkeep) {
    const change = await store.migrate()
    if (change !== undefined) templates[name] = change
  }
  return { tables: "up to date", templates }
}
