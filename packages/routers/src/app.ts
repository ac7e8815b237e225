import { Hono, type Context } from "hono"
import { bodyLimit } from "hono/body-limit"
import { VerifiedTokens } from "@spinor/core/security/verified-tokens"
import { until } from "@spinor/core/until"
import type { Deps } from "./deps.ts"
import { json } from "./http/answers.ts"
import { clientKnower, type Client } from "./http/client.ts"
import { clientVersion } from "./http/client-version.ts"
import { compressed } from "./http/compressed.ts"
import { crossOrigin } from "./http/cross-origin.ts"
import type { Deadline } from "./http/deadline.ts"
import { answerOf } from "./http/errors.ts"
import { readInput } from "./http/input.ts"
import { missingRoute } from "./http/missing-route.ts"
import { requestLog, type RequestLog } from "./http/request-log.ts"
import { requestTrace, type RequestTrace } from "./http/request-trace.ts"
import type { Operation } from "./operation.ts"
import { services, type Service } from "./services.ts"
import { authenticate } from "./user.ts"

export interface AppOptions {
  /** Told of every request that was answered. */
  readonly log?: RequestLog
  /** Is around every request, its line in the log included. */
  readonly trace?: RequestTrace
  readonly services?: readonly Service[]
}

/** What may come with a request, beside it. */
export interface Bindings {
  readonly deadline?: Deadline
}

type Env = { Bindings: Bindings }

/** The service as a Hono application: `app.fetch` answers a request. */
export function createApp(
  deps: Deps,
  { services: list = services, ...options }: AppOptions = {},
): Hono<Env> {
  const { keystore, clock, settings } = deps
  const tokens = new VerifiedTokens({ keystore, clock, issuer: settings.tokenIssuer })
  const parts = new Map<string, Promise<Hono<Env>>>()
  const load = async (asked: readonly Service[]): Promise<Hono<Env>> => {
    const operations = await Promise.all(asked.map((service) => service.load()))
    return mounted(operations.flat(), { deps, tokens, ...options })
  }
  const partOf = (path: string): Promise<Hono<Env>> => {
    const asked = list.filter(({ below }) => path === below || path.startsWith(`${below}/`))
    // An extension's path may lie around the others', or within one.
    const key = asked.map(({ below }) => below).join()
    const part = parts.get(key) ?? load(asked)
    parts.set(key, part)
    return part
  }
  const app = new Hono<Env>()
  app.all("*", async (c) => await (await partOf(c.req.path)).fetch(c.req.raw, c.env))
  return app.onError(answerOf)
}

interface Shared extends Omit<AppOptions, "services"> {
  readonly deps: Deps
  readonly tokens: VerifiedTokens
}

function mounted(operations: readonly Operation[], shared: Shared): Hono<Env> {
  const { deps, log, trace } = shared
  const app = new Hono<Env>()
  if (trace) app.use(requestTrace(trace))
  if (log) app.use(requestLog(log, deps))
  app.use(compressed, crossOrigin, clientVersion)
  // Of others no body is read; to look whether there is one takes longer than to route.
  const limit = bodyLimit({ maxSize: deps.settings.bodyLimit, onError: () => tooLarge(deps) })
  app.on(["POST", "PUT", "PATCH", "DELETE"], "*", limit)
  const clientOf = clientKnower(deps.settings)
  const served = operations.filter(({ config }) => isServed(config.tags, deps.settings))
  for (const operation of served) mount(app, operation, { ...shared, clientOf })
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
  app: Hono<Env>,
  operation: Operation,
  { deps, tokens, clientOf }: Shared & { readonly clientOf: (c: Context) => Client },
): void {
  const { config, authenticated, answer } = operation
  const path = config.path.replaceAll(/\{(\w+)\}/g, ":$1")
  app.on(config.method.toUpperCase(), path, async (c: Context<Env>) => {
    // Hono would answer it as a GET; DiracX does so for its documents alone.
    if (c.req.raw.method === "HEAD" && !config.tags.includes("docs")) return await c.notFound()
    c.set("route", config.path)
    const user = authenticated ? authenticate(c.req.header("authorization"), tokens) : undefined
    const input = await readInput(c, config)
    const { address, origin } = clientOf(c)
    const urlOf = (path: string) => `${origin}${path}`
    // Who asks without bindings gives none at all.
    const { deadline }: Bindings = c.env ?? {}
    const bounded = deadline ? { ...deps, sql: deps.sql.until(deadline.stop) } : deps
    const asked = { ...input, deps: bounded, urlOf, address }
    return await until(deadline?.over, () => answer(asked as never, user))
  })
}
