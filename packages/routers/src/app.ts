import { Hono, type Context } from "hono"
import { bodyLimit } from "hono/body-limit"
import { auth } from "./auth/operations.ts"
import { config } from "./config/operations.ts"
import type { Deps } from "./deps.ts"
import { docs } from "./docs/operations.ts"
import { health } from "./health/operations.ts"
import { json } from "./http/answers.ts"
import { clientKnower, type Client } from "./http/client.ts"
import { clientVersion } from "./http/client-version.ts"
import { compressed } from "./http/compressed.ts"
import { crossOrigin } from "./http/cross-origin.ts"
import { answerOf } from "./http/errors.ts"
import { readInput } from "./http/input.ts"
import { missingRoute } from "./http/missing-route.ts"
import { requestLog, type RequestLog } from "./http/request-log.ts"
import { requestTrace, type RequestTrace } from "./http/request-trace.ts"
import { jobs } from "./jobs/operations.ts"
import type { Operation } from "./operation.ts"
import { pilots } from "./pilots/operations.ts"
import { rss } from "./rss/operations.ts"
import { sandboxes } from "./sandboxes/operations.ts"
import { authenticate } from "./user.ts"
import { wellKnown } from "./well-known/operations.ts"

/** The operations of Spinor; an extension's list comes before them and wins. */
export const operations: readonly Operation[] = [
  ...wellKnown,
  ...auth,
  ...config,
  ...jobs,
  ...sandboxes,
  ...pilots,
  ...rss,
  ...health,
  ...docs,
]

export interface AppOptions {
  /** Told of every request that was answered. */
  readonly log?: RequestLog
  /** Is around every request, its line in the log included. */
  readonly trace?: RequestTrace
  readonly operations?: readonly Operation[]
}

/** The service as a Hono application: `app.fetch` answers a request. */
export function createApp(
  deps: Deps,
  { log, trace, operations: list = operations }: AppOptions = {},
): Hono {
  const app = new Hono()
  if (trace) app.use(requestTrace(trace))
  if (log) app.use(requestLog(log, deps))
  app.use(compressed, crossOrigin, clientVersion)
  app.use(bodyLimit({ maxSize: deps.settings.bodyLimit, onError: () => tooLarge(deps) }))
  const clientOf = clientKnower(deps.settings)
  const served = list.filter(({ config }) => isServed(config.tags, deps.settings))
  for (const operation of served) mount(app, operation, deps, clientOf)
  app.notFound(missingRoute(served, clientOf))
  app.onError((error, c) => {
    c.set("error", error)
    return answerOf(error)
  })
  return app
}

const isServed = (tags: readonly string[], { disabledServices }: Deps["settings"]): boolean =>
  !tags.some((tag) => disabledServices.has(tag))

const tooLarge = ({ settings }: Deps): Response =>
  json({ detail: `The body is longer than ${settings.bodyLimit} bytes` }, 413)

function mount(
  app: Hono,
  operation: Operation,
  deps: Deps,
  clientOf: (c: Context) => Client,
): void {
  const { config, authenticated, answer } = operation
  const path = config.path.replaceAll(/\{(\w+)\}/g, ":$1")
  app.on(config.method.toUpperCase(), path, async (c: Context) => {
    // Hono would answer it as a GET; DiracX does so for its documents alone.
    if (c.req.raw.method === "HEAD" && !config.tags.includes("docs")) return await c.notFound()
    c.set("route", config.path)
    const user = authenticated ? authenticate(c.req.header("authorization"), deps) : undefined
    const input = await readInput(c, config)
    const { address, origin } = clientOf(c)
    const urlOf = (path: string) => `${origin}${path}`
    return await answer({ ...input, deps, urlOf, address } as never, user)
  })
}
