import { Hono, type Context } from "hono"
import { VerifiedTokens } from "@spinor/core/security/verified-tokens"
import { until } from "@spinor/core/until"
import type { Deps } from "./deps.ts"
import { answering } from "./http/answering.ts"
import type { Answer } from "./http/answers.ts"
import { clientKnower, type Client } from "./http/client.ts"
import type { Deadline } from "./http/deadline.ts"
import { answerOf } from "./http/errors.ts"
import { readInput } from "./http/input.ts"
import { missingRoute } from "./http/missing-route.ts"
import type { RequestLog } from "./http/request-log.ts"
import type { RequestTrace } from "./http/request-trace.ts"
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
  return app.onError(unexpected)
}

interface Shared extends Omit<AppOptions, "services"> {
  readonly deps: Deps
  readonly tokens: VerifiedTokens
}

function mounted(operations: readonly Operation[], shared: Shared): Hono<Env> {
  const { deps } = shared
  const app = new Hono<Env>()
  const answer = answering(shared)
  const clientOf = clientKnower(deps.settings)
  const served = operations.filter(({ config }) => isServed(config.tags, deps.settings))
  const missing = missingRoute(served, clientOf)
  for (const operation of served) {
    const { method, path, tags } = operation.config
    app.on(method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ":$1"), (c) => {
      // Hono would answer it as a GET; DiracX does so for its documents alone.
      const isMissing = c.req.method === "HEAD" && !tags.includes("docs")
      if (isMissing) return answer(c, undefined, () => missing(c))
      return answer(c, path, () => answerOfOperation(c, operation, { ...shared, clientOf }))
    })
  }
  app.notFound((c) => answer(c, undefined, () => missing(c)))
  return app.onError(unexpected)
}

const isServed = (tags: readonly string[], { disabledServices }: Deps["settings"]): boolean =>
  !tags.some((tag) => disabledServices.has(tag))

/** The answer to what went wrong around all operations. */
function unexpected(error: unknown): Response {
  const { status, headers, body } = answerOf(error)
  return new Response(body, { status, headers })
}

async function answerOfOperation(
  c: Context<Env>,
  { config, authenticated, answer }: Operation,
  { deps, tokens, clientOf }: Shared & { readonly clientOf: (c: Context) => Client },
): Promise<Answer> {
  const user = authenticated ? authenticate(c.req.header("authorization"), tokens) : undefined
  const input = await readInput(c, config)
  // Who asks without bindings gives none at all.
  const { deadline }: Bindings = c.env ?? {}
  const asked = {
    ...input,
    deps: deadline ? { ...deps, sql: deps.sql.until(deadline.stop) } : deps,
    urlOf: (path: string) => `${clientOf(c).origin}${path}`,
    addressOfCaller: () => clientOf(c).address,
  }
  return await until(deadline?.over, () => answer(asked as never, user))
}
