/** Brings tables and index templates up to date, as an AWS Lambda function that a deployment calls: it fails when that does. */
import { readSettings } from "@spinor/core/settings/settings"
import { createLog } from "./compose/log.ts"
import { composeService } from "./compose/service.ts"
import { bringUpToDate } from "./compose/tables.ts"

const settings = readSettings({
  ...process.env,
  // One connection holds the lease while the other one migrates.
  SPINOR_DB_POOL_SIZE: process.env["SPINOR_DB_POOL_SIZE"] || "2",
})
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
