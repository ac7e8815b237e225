import { expect, it } from "vitest"
import { useDatabase } from "../../support/database.ts"
import { alice, serviceOn, settings, testClock } from "../../support/service.ts"

const database = useDatabase("sqlite")

/** A request as Node's server hands it over, from that address. */
const request = (
  path: string,
  from: string,
  {
    headers = {},
    method = "GET",
    ...more
  }: { headers?: Record<string, string>; method?: string } & Partial<typeof settings> = {},
  clock = testClock(),
) => {
  const service = serviceOn(database.sql, { clock, settings: { ...settings, ...more } })
  const env = { incoming: { socket: { remoteAddress: from } } }
  return service.app.request(`http://127.0.0.1:8000${path}`, { method, headers }, env)
}

let minutes = 10

const issuerOf = async (response: Response) =>
  new URL(((await response.json()) as { token_endpoint: string }).token_endpoint).origin

const DISCOVERY = "/.well-known/openid-configuration"
const FORWARDED = { "x-forwarded-proto": "https", "x-forwarded-host": "spinor.example.org" }

it("believes the forwarded headers of trusted proxies alone", async () => {
  const trustedProxies = ["10.0.0.0/8", "::1"]
  const options = { headers: FORWARDED, trustedProxies }
  expect(await issuerOf(await request(DISCOVERY, "10.1.2.3", options))).toBe(
    "https://spinor.example.org",
  )
  expect(await issuerOf(await request(DISCOVERY, "::ffff:10.1.2.3", options))).toBe(
    "https://spinor.example.org",
  )
  expect(await issuerOf(await request(DISCOVERY, "::1", options))).toBe(
    "https://spinor.example.org",
  )
  expect(await issuerOf(await request(DISCOVERY, "192.0.2.1", options))).toBe(
    "http://127.0.0.1:8000",
  )
  expect(await issuerOf(await request(DISCOVERY, "192.0.2.1", { headers: FORWARDED }))).toBe(
    "http://127.0.0.1:8000",
  )
})

it("makes no URL of a forwarded header that is none", async () => {
  const trustedProxies = ["10.0.0.1"]
  for (const headers of [
    { "x-forwarded-proto": "javascript", "x-forwarded-host": "x" },
    { "x-forwarded-proto": "https", "x-forwarded-host": "a b" },
    { "x-forwarded-proto": "https", "x-forwarded-host": "x/../y?z" },
  ]) {
    const origin = await issuerOf(await request(DISCOVERY, "10.0.0.1", { headers, trustedProxies }))
    expect(["http://127.0.0.1:8000", "https://x"]).toContain(origin)
  }
})

it("prefers the public URL to all headers", async () => {
  const publicUrl = "https://public.example.org"
  const options = { headers: FORWARDED, trustedProxies: ["10.0.0.1"], publicUrl }
  expect(await issuerOf(await request(DISCOVERY, "10.0.0.1", options))).toBe(publicUrl)
})

it("slows down an address that begins too many logins, across processes", async () => {
  const clock = testClock()
  const begin = (from: string, headers = {}) => {
    const query = new URLSearchParams({
      client_id: "myDIRACClientID",
      scope: "vo:testvo",
    }).toString()
    // Each request is a process of its own: they share the database alone.
    const options = { method: "POST", headers, loginsPerMinute: 3, trustedProxies: ["10.0.0.1"] }
    return request(`/api/auth/device?${query}`, from, options, clock)
  }
  clock.advance(60 - ((Date.now() / 1000) % 60))
  const statuses = []
  for (let i = 0; i < 5; i++) statuses.push((await begin("192.0.2.7")).status)
  expect(statuses).toEqual([200, 200, 200, 429, 429])
  const refused = await begin("192.0.2.7")
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0)
  expect(await refused.json()).toEqual({ detail: "More than 3 logins in a minute" })
  expect((await begin("192.0.2.8")).status).toBe(200)
  expect((await begin("10.0.0.1", { "x-forwarded-for": "192.0.2.7" })).status).toBe(429)
  expect((await begin("10.0.0.1", { "x-forwarded-for": "192.0.2.7, 192.0.2.9" })).status).toBe(200)
  clock.advance(60)
  expect((await begin("192.0.2.7")).status).toBe(200)
})

it.each([
  [(n: number) => `6.6.6.${n}, 203.0.113.5:1234`],
  [(n: number) => `6.6.6.${n}:80, [2001:db8::1]:${n + 1000}, 10.0.0.1`],
  [(n: number) => `6.6.6.${n}, unknown`],
  [(n: number) => `6.6.6.${n}, _hidden${n}, 10.0.0.1:${n + 1000}`],
  [(n: number) => `6.6.6.${n}, 2001:db8::${n}:zzzz`],
])("counts logins by no hop that the client itself wrote: %s", async (hopsOf) => {
  const clock = testClock()
  // A minute of its own, which no other test counts in.
  clock.advance(60 * ++minutes + 60 - ((Date.now() / 1000) % 60))
  const attempt = (n: number) => {
    const headers = { "x-forwarded-for": hopsOf(n) }
    const options = { headers, loginsPerMinute: 3, trustedProxies: ["10.0.0.1"] }
    return request("/api/auth/device?user_code=NONE", "10.0.0.1", options, clock)
  }
  const statuses = []
  for (let n = 1; n <= 5; n++) statuses.push((await attempt(n)).status)
  expect(statuses).toEqual([400, 400, 400, 429, 429])
})

it("counts the codes that somebody tries as well", async () => {
  const options = { loginsPerMinute: 2 }
  const clock = testClock()
  clock.advance(60 - ((Date.now() / 1000) % 60))
  const attempt = () => request("/api/auth/device?user_code=NONE", "192.0.2.20", options, clock)
  expect([(await attempt()).status, (await attempt()).status, (await attempt()).status]).toEqual([
    400, 400, 429,
  ])
})

it("does not read a body that is too long", async () => {
  const service = serviceOn(database.sql, { settings: { ...settings, bodyLimit: 100 } })
  const body = ["x".repeat(200)]
  expect(await service.call("POST", "/api/jobs/jdl", { as: alice, body })).toMatchObject({
    status: 413,
    body: { detail: "The body is longer than 100 bytes" },
  })
})
