/** The whole service as an AWS Lambda function behind an HTTP API, a function URL or a load balancer. */
import { handle } from "hono/aws-lambda"
import { readSettings } from "@spinor/core/settings/settings"
import { createApp } from "@spinor/routers/app"
import { logProblem, logRequest } from "./compose/log.ts"
import { composeService } from "./compose/service.ts"

const settings = readSettings({
  ...process.env,
  // A container answers one request at a time, and there may be a thousand containers.
  SPINOR_DB_POOL_SIZE: process.env["SPINOR_DB_POOL_SIZE"] || "2",
})
const { deps } = await composeService(settings, {
  issuer: settings.SPINOR_PUBLIC_URL,
  onProblem: logProblem,
})

/** What Lambda calls. @public */
export const handler = handle(createApp(deps, { log: logRequest }))
