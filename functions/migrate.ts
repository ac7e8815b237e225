/** Brings tables and index templates up to date, as an AWS Lambda function that a deployment calls: it fails when that does. */
import { readSettings } from "@spinor/core/settings/settings"
import { functionEnvironment } from "./compose/environment.ts"
import { createLog } from "./compose/log.ts"
import { composeService } from "./compose/service.ts"
import { bringUpToDate } from "./compose/tables.ts"

// One connection holds the lease while another one migrates.
const settings = readSettings(functionEnvironment(process.env))
const service = await composeService(settings, {
  issuer: settings.SPINOR_PUBLIC_URL,
  onProblem: createLog().problem,
})

/** What Lambda calls; a second call finds nothing to do. @public */
export const handler = async (): Promise<object> => {
  await bringUpToDate(service)
  const templates: Record<string, string> = {}
  for (const [name, store] of service.documents.upkeep) {
    const change = await store.migrate()
    if (change !== undefined) templates[name] = change
  }
  return { tables: "up to date", templates }
}
