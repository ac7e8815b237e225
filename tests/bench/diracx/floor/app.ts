import { Hono } from "hono"
import type { AccessTokenPayload } from "@spinor/core/security/tokens"
import type { VerifiedTokens } from "@spinor/core/security/verified-tokens"
import type { Database } from "./database.ts"
import { search, summary } from "./reading.ts"
import { heartbeat, status, submit } from "./writing.ts"

/**
 * What no service of ours can be faster than: Hono, the same token check, the statements that the operation
 * needs, and JSON. No input is looked at, no policy asked, no request logged, and no job description read.
 */
export function floorApp(tokens: VerifiedTokens, database: Database, etag: string): Hono<Env> {
  const app = new Hono<Env>()
  app.get("/api/health/ready", (c) => c.json({}))
  app.use(async (c, next) => {
    c.set("claims", tokens.claimsOf(c.req.header("authorization")?.slice("Bearer ".length) ?? ""))
    await next()
  })
  app.get("/api/config/", (c) =>
    c.body(null, c.req.header("if-none-match") === etag ? 304 : 200, { etag }),
  )
  app.get("/api/auth/userinfo", (c) => {
    const { sub, vo, dirac_group, preferred_username, ...rest } = c.var.claims
    const { dirac_policies: policies, dirac_properties: properties } = rest
    return c.json({ sub, vo, dirac_group, policies, properties, preferred_username })
  })
  app.post("/api/jobs/search", async (c) => {
    const page = Number(c.req.query("page") ?? 1)
    const { rows, total } = await search(database, await c.req.json(), page, c.var.claims)
    const first = (page - 1) * 100
    return c.json(rows, 206, { "content-range": `jobs ${first}-${first + 99}/${total}` })
  })
  app.post("/api/jobs/summary", async (c) => {
    return c.json(await summary(database, await c.req.json(), c.var.claims))
  })
  app.patch("/api/jobs/status", async (c) => c.json(await status(database, await c.req.json())))
  app.patch("/api/jobs/heartbeat", async (c) =>
    c.json(await heartbeat(database, await c.req.json())),
  )
  app.post("/api/jobs/jdl", async (c) =>
    c.json(await submit(database, await c.req.json(), c.var.claims), 201),
  )
  return app
}

type Env = { Variables: { claims: AccessTokenPayload } }
