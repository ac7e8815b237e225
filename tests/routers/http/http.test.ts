import { expect, it } from "vitest"
import { createApp } from "@spinor/routers/app"
import { useDatabase } from "../../support/database.ts"
import { databasesThat } from "../../support/no-databases.ts"
import { alice, serviceOn, settings } from "../../support/service.ts"

const database = useDatabase("sqlite")
const call = (...parameters: Parameters<ReturnType<typeof serviceOn>["call"]>) =>
  serviceOn(database.sql).call(...parameters)

it.each([
  ["GET", "/nope", 404, "Not Found"],
  ["GET", "/", 404, "Not Found"],
  ["GET", "/api/jobs/jdl", 405, "Method Not Allowed"],
  ["DELETE", "/api/auth/userinfo", 405, "Method Not Allowed"],
  ["HEAD", "/api/health/live", 405, ""],
  ["OPTIONS", "/api/jobs/search", 405, "Method Not Allowed"],
])("answers %s %s with %d", async (method, path, status, detail) => {
  const answer = await call(method, path)
  expect(answer.status).toBe(status)
  if (detail !== "") expect(answer.body).toEqual({ detail })
})

it("redirects where a slash is missing or too many, and keeps the query", async () => {
  const config = await call("GET", "/api/config?x=1")
  expect(config.status).toBe(307)
  expect(config.headers.get("location")).toBe("http://localhost/api/config/?x=1")
  const odd = await call("GET", "/api/auth/refresh-tokens/x%0d%0aA:b%E2%82%AC/")
  expect(odd.status).toBe(307)
  expect(odd.headers.get("location")).toBe(
    "http://localhost/api/auth/refresh-tokens/x%0d%0aA:b%E2%82%AC",
  )
  const jdl = await call("POST", "/api/jobs/jdl/", { body: [] })
  expect(jdl.status).toBe(307)
  expect(jdl.headers.get("location")).toBe("http://localhost/api/jobs/jdl")
})

it.each([
  [
    "0.0.1a0",
    400,
    "Client version 0.0.1a0 is not compatible with the server. Upgrade to a version >= 0.0.1a1.",
  ],
  [
    "0.0.0",
    400,
    "Client version 0.0.0 is not compatible with the server. Upgrade to a version >= 0.0.1a1.",
  ],
  ["foo", 400, "Invalid version string: 'foo'"],
  ["0.0.1a1", 404, "Not Found"],
  ["0.7.0", 404, "Not Found"],
  ["", 404, "Not Found"],
])("looks at a client of version %j first", async (version, status, detail) => {
  const headers = { "diracx-client-version": version }
  expect(await call("GET", "/nope", { headers })).toMatchObject({ status, body: { detail } })
})

it("lets the web application of DiracX in, and no other", async () => {
  const preflight = (origin: string) =>
    call("OPTIONS", "/api/jobs/search", {
      headers: { origin, "access-control-request-method": "POST" },
    })
  const known = await preflight("http://localhost:3000")
  expect(known).toMatchObject({ status: 200, body: "OK" })
  expect(known.headers.get("access-control-allow-origin")).toBe("http://localhost:3000")
  expect(known.headers.get("access-control-allow-credentials")).toBe("true")
  const stranger = await preflight("https://evil.example")
  expect(stranger.headers.get("access-control-allow-origin")).toBeNull()
})

it("tells web applications the range of a search", async () => {
  const headers = { origin: "http://localhost:3000" }
  const answer = await call("POST", "/api/jobs/search", { as: alice, body: {}, headers })
  expect(answer.headers.get("access-control-expose-headers")).toBe("Content-Range")
})

it("says no more than that of an error inside", async () => {
  const broken = async () => {
    throw new Error("select * from Secrets where password = 'x'")
  }
  const service = serviceOn(databasesThat(broken))
  const options = { as: alice, body: {}, isDocumented: false }
  expect(await service.call("POST", "/api/jobs/search", options)).toMatchObject({
    status: 500,
    body: { detail: "Internal Server Error" },
  })
})

it("makes its own URLs of the public URL, where there is one", async () => {
  const publicUrl = "https://spinor.example.org"
  const service = serviceOn(database.sql, { settings: { ...settings, publicUrl } })
  const { body } = await service.call("GET", "/.well-known/openid-configuration")
  expect(body).toMatchObject({
    issuer: settings.tokenIssuer,
    token_endpoint: "https://spinor.example.org/api/auth/token",
    jwks_uri: "https://spinor.example.org/.well-known/jwks.json",
  })
})

it("is alive while the database is away, and not ready", async () => {
  const { UnavailableError } = await import("@spinor/core/errors")
  const away = async () => {
    throw new UnavailableError("Cannot connect to AuthDB")
  }
  const service = serviceOn(databasesThat(away))
  expect(await service.call("GET", "/api/health/live")).toMatchObject({
    status: 200,
    body: { status: "live" },
  })
  for (const probe of ["ready", "startup"]) {
    const answer = await service.call("GET", `/api/health/${probe}`)
    expect(answer).toMatchObject({ status: 503, body: { detail: "Cannot connect to AuthDB" } })
    expect(answer.headers.get("retry-after")).toBe("10")
  }
})

it("is neither alive nor ready while no configuration could ever be read", async () => {
  const { UnavailableError } = await import("@spinor/core/errors")
  const config = {
    latest: async () => {
      throw new UnavailableError("Configuration is not available")
    },
  }
  const service = serviceOn(database.sql, { config })
  for (const probe of ["live", "ready", "startup"]) {
    expect((await service.call("GET", `/api/health/${probe}`)).status).toBe(503)
  }
})

it("is ready when all parts are there", async () => {
  expect(await call("GET", "/api/health/ready")).toMatchObject({
    status: 200,
    body: { status: "ready" },
  })
  expect(await call("GET", "/api/health/startup")).toMatchObject({
    status: 200,
    body: { status: "startup complete" },
  })
})

it("logs a path as it was sent, so that it cannot write lines of its own", async () => {
  const paths: string[] = []
  const app = createApp(serviceOn(database.sql).deps, { log: ({ path }) => paths.push(path) })
  await app.request("/x%0Afake%1B[2J")
  expect(paths).toEqual(["/x%0Afake%1B[2J"])
})
