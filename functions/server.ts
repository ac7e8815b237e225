import { readSettings } from "@spinor/core/settings/settings"
import { startServer } from "./server/start.ts"
import { explainFailure } from "./compose/log.ts"

try {
  await startServer(readSettings(process.env))
} catch (error) {
  explainFailure(error)
  process.exit(1)
}
