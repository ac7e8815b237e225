import { gunzipSync } from "node:zlib"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { freshDatabaseUrl, runsHere, type FreshDatabase } from "../../support/backends.ts"
import { PUBLIC_URL } from "../../support/lambda/deployment-variables.ts"
import { useDeployment } from "../../support/lambda/deployment.ts"
import { startGateway, type Gateway } from "../../support/lambda/gateway.ts"
import { lambdaRunsHere } from "../../support/lambda/runtime-client.ts"
import { alice } from "../../support/service.ts"
import { jsonOf, send, type Sent } from "./send.ts"

const canRun = (await lambdaRunsHere()) && runsHere("mysql")
/** With addresses of clients, which are counted in one database. */
const DOORS = [
  { door: "HTTP API", network: "192.0.2" },
  { door: "function URL", network: "198.51.100" },
] as const
const DEVICE_FLOW = "/api/auth/device?client_id=myDIRACClientID&scope=vo%3Atestvo"

describe.skipIf(!canRun)("the API", () => {
  const deployment = useDeployment("mysql2")
  let database: FreshDatabase
  let env: Record<string, string>
  beforeAll(async () => {
    database = await freshDatabaseUrl("mysql")
    env = { SPINOR_DB_URL: database.url }
    await (await deployment.start("migrate", env)).invoke({})
  })
  afterAll(() => database.drop())

  describe.each(DOORS)("behind a gateway: $door", ({ door, network }) => {
    let gateway: Gateway
    beforeAll(async () => {
      gateway = await startGateway(() => deployment.start("api", env), { door })
    })
    afterAll(() => gateway.stop())
    const ask = (path: string, sent?: Sent) => send(gateway.url, path, sent)
    const authorization = () => `Bearer ${deployment.tokenFor(alice)}`
    const submit = (body: string | Buffer, headers: Record<string, string> = {}) =>
      ask("/api/jobs/jdl", {
        method: "POST",
        body,
        headers: { authorization: authorization(), ...headers },
      })

    it("answers with JSON, under its public name", async () => {
      const answer = await ask("/.well-known/openid-configuration")
      expect(answer).toMatchObject({
        status: 200,
        headers: { "content-type": "application/json" },
      })
      expect(jsonOf(answer)).toMatchObject({
        issuer: PUBLIC_URL,
        token_endpoint: `${PUBLIC_URL}/api/auth/token`,
      })
    })

    it.each([
      ["as text", "application/json"],
      ["as base64", "application/vnd.spinor+json"],
    ])("takes JSON that comes %s", async (_, type) => {
      const jdl = 'JobName = "Grüße_東京_💥";'
      const answer = await submit(JSON.stringify([jdl]), { "content-type": type })
      expect(answer.status).toBe(201)
      const [{ JobID }] = jsonOf(answer)
      const found = await ask("/api/jobs/search", {
        method: "POST",
        headers: { authorization: authorization(), "content-type": "application/json" },
        body: JSON.stringify({ search: [{ parameter: "JobID", operator: "eq", value: JobID }] }),
      })
      expect(jsonOf(found)).toMatchObject([{ JobID, JobName: "Grüße_東京_💥" }])
    })

    it("answers several requests at once, each in a container of its own", async () => {
      const headers = { "content-type": "application/json" }
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => submit('["[]", "[]"]', headers)),
      )
      const ids = answers.flatMap((answer) => jsonOf(answer)).map(({ JobID }) => JobID)
      expect(new Set(ids).size).toBe(16)
    })

    it("says what is wrong with a body that is no JSON, or no text", async () => {
      const broken = await submit('["', { "content-type": "application/json" })
      expect(broken.status).toBe(422)
      expect(jsonOf(broken)).toMatchObject({ detail: [{ type: "json_invalid" }] })
      const bytes = await submit(Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d]))
      expect(bytes.status).toBeGreaterThanOrEqual(400)
      expect(bytes.status).toBeLessThan(500)
      expect((await submit("")).status).toBe(422)
    })

    it("takes forms", async () => {
      const answer = await ask("/api/auth/token", {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: "grant_type=refresh_token&client_id=myDIRACClientID&refresh_token=%C3%BC",
      })
      expect(answer.status).toBe(401)
      expect(jsonOf(answer).detail).not.toMatch(/Field required/)
    })

    it("takes a query as it was sent, repeated names too", async () => {
      const path =
        "/api/auth/device?client_id=a%26b&client_id=myDIRACClientID&scope=vo%3Atestvo+group:user"
      expect((await ask(path, { method: "POST" })).status).toBe(200)
      expect((await ask(path.replace("testvo", "test%20vo"), { method: "POST" })).status).toBe(400)
    })

    it("takes cookies and headers that come in several lines", async () => {
      const headers = { authorization: authorization() }
      const { etag = "" } = (await ask("/api/config/", { headers })).headers
      const again = await ask("/api/config/", {
        headers: { ...headers, "if-none-match": ['"other"', etag], cookie: ["a=1; b=2", "c=%3D"] },
      })
      expect(again.status).toBe(304)
      expect(again.body).toHaveLength(0)
    })

    it("zips what is long for those who ask for it", async () => {
      const plain = await ask("/api/openapi.json")
      const zipped = await ask("/api/openapi.json", {
        headers: { "accept-encoding": ["br", "gzip"] },
      })
      expect(zipped.headers["content-encoding"]).toBe("gzip")
      expect(gunzipSync(zipped.body).equals(plain.body)).toBe(true)
    })

    it("answers HEAD and OPTIONS", async () => {
      const head = await ask("/api/openapi.json", { method: "HEAD" })
      expect(head).toMatchObject({ status: 200, headers: { "content-type": "application/json" } })
      expect(head.body).toHaveLength(0)
      expect((await ask("/api/config/", { method: "HEAD" })).status).toBe(405)
      const origin = "http://localhost:8000"
      const preflight = await ask("/api/jobs/search", {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "POST" },
      })
      expect(preflight.status).toBe(200)
      expect(preflight.headers["access-control-allow-origin"]).toBe(origin)
    })

    it("takes no notice of the body of a GET", async () => {
      const answer = await ask("/api/health/live", {
        headers: { "content-type": "application/json" },
        body: "[]",
      })
      expect(answer.status).toBe(200)
    })

    it.each([
      "/api/health/live%23?a=b",
      "/api/heal%0Ath/live",
      "/api%5Chealth%5Clive",
      "/%",
      "/%25%",
      "/%zz",
      "/%00",
      "/%C3%28",
      "/%20%E6%9D%B1",
    ])("knows no %s", async (path) => {
      const answer = await ask(path)
      expect(answer.status).toBe(404)
      expect(jsonOf(answer)).toEqual({ detail: "Not Found" })
    })

    it("sends who lacks a slash on under its public name", async () => {
      const { headers } = await ask("/api/config?a=%C3%BC", { headers: { host: "evil.example" } })
      expect(headers.location).toBe(`${PUBLIC_URL}/api/config/?a=%C3%BC`)
    })

    it("refuses what is too long", async () => {
      const long = await submit(`["${"x".repeat(6_300_000)}"]`)
      expect(long.status).toBe(413)
    })

    it("counts logins of an address, which only a trusted proxy may name", async () => {
      const statuses = async (more: Record<string, string>) => {
        const limited = { ...env, SPINOR_LOGINS_PER_MINUTE: "1", ...more }
        const few = await startGateway(() => deployment.start("api", limited), { door })
        const given: (number | undefined)[] = []
        for (const end of [1, 2, 3]) {
          const headers = { "x-forwarded-for": `${network}.${end}` }
          given.push((await send(few.url, DEVICE_FLOW, { method: "POST", headers })).status)
        }
        await few.stop()
        return given
      }
      // Two of three are in the same minute.
      expect(await statuses({})).toContain(429)
      expect(await statuses({ SPINOR_TRUSTED_PROXIES: "127.0.0.1" })).toEqual([200, 200, 200])
    })
  })
})
