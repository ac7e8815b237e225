import { expect, it, onTestFinished } from "vitest"
import { configuration, fixedConfig, serviceOn, testClock } from "../../support/service.ts"
import { serveJson } from "../../support/stand-ins/http-server.ts"
import { useDatabase } from "../../support/database.ts"

const database = useDatabase("sqlite")

/** A service whose VO testvo signs in at a provider that counts who asks for its metadata. */
async function world() {
  let asked = 0
  let issuer = ""
  const provider = await serveJson(async () => {
    asked++
    return [200, { issuer, authorization_endpoint: `${issuer}/authorize` }]
  })
  onTestFinished(provider.close)
  issuer = `http://127.0.0.1:${provider.port}`
  const { Registry } = configuration
  const testvo = { ...Registry.testvo, IdP: { URL: issuer, ClientID: "spinor" } }
  const config = fixedConfig({ ...configuration, Registry: { ...Registry, testvo } })
  const clock = testClock()
  const { call } = serviceOn(database.sql, { config, clock })
  const query = new URLSearchParams({
    response_type: "code",
    code_challenge: "a".repeat(43),
    code_challenge_method: "S256",
    client_id: "myDIRACClientID",
    redirect_uri: "http://localhost/api/docs/oauth2-redirect",
    scope: "vo:testvo",
    state: "s",
  }).toString()
  return {
    clock,
    asked: () => asked,
    begin: async () => (await call("GET", `/api/auth/authorize?${query}`)).status,
  }
}

it.each([
  ["stays for an hour", 3500, 1],
  ["is asked for again after an hour", 3700, 2],
  ["is asked for again after the clock was set back", -600, 2],
])("the metadata of an identity provider %s", async (_, seconds, times) => {
  const { clock, asked, begin } = await world()
  expect(await begin()).toBe(307)
  clock.advance(seconds)
  expect(await begin()).toBe(307)
  expect(asked()).toBe(times)
})
