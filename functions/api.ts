/** The whole service as an AWS Lambda function behind an HTTP API or a function URL. */
import { createApp } from "@spinor/routers/app"
import { requestDeadline, type LambdaContext } from "./lambda/deadline.ts"
import { functionSettings } from "./lambda/environment.ts"
import { answerEvent, type HttpAnswer, type HttpEvent } from "./lambda/http-event.ts"
import { createLog } from "./compose/log.ts"
import { composeService } from "./compose/service.ts"
import { AnswerTooLongError, shortEnough } from "./lambda/short-enough.ts"
import { composeTelemetry } from "./compose/telemetry/compose.ts"

// A container answers one request at a time, which uses one connection after the other.
const settings = functionSettings(process.env, 1)
const telemetry = await composeTelemetry(settings, createLog().problem)
const log = createLog(telemetry?.keep)
const { deps } = await composeService(settings, {
  issuer: settings.SPINOR_PUBLIC_URL,
  onProblem: log.problem,
  ...(telemetry && { sqlTelemetry: telemetry.sql }),
})
const app = createApp(deps, { log: log.request, ...(telemetry && { trace: telemetry.trace }) })

/** What Lambda calls. Telemetry goes before the answer does: the container is frozen after it. @public */
export const handler = async (event: HttpEvent, context: LambdaContext): Promise<HttpAnswer> => {
  const deadline = requestDeadline(context)
  const answer = await answerEvent(app, event, { deadline })
  await telemetry?.flush(deadline.over)
  const sent = shortEnough(answer)
  if (sent !== answer) log.problem(new AnswerTooLongError(), answer.headers["x-request-id"])
  return sent
}
