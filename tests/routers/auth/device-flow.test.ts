import type { ServerResponse } from "node:http"
import { expect, it } from "vitest"
import { instantOfEpoch } from "@spinor/core/instant"
import { newSigningKey } from "@spinor/core/security/new-keys"
import { AuthDB } from "@spinor/db/sql/auth/auth-db"
import { describeEachBackend } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { useIdentityProvider } from "../../support/identity-provider.ts"
import { fixedConfig, serviceOn, testClock, type Service } from "../../support/service.ts"

const ORIGIN = "http://localhost"
const CLIENT = "myDIRACClientID"

const begin = (service: Service, scope = "vo:testvo", client = CLIENT) =>
  service.call(
    "POST",
    `/api/auth/device?${new URLSearchParams({ client_id: client, scope }).toString()}`,
  )

const poll = (service: Service, deviceCode: string, client = CLIENT) =>
  service.call("POST", "/api/auth/token", {
    form: {
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      device_code: deviceCode,
      client_id: client,
    },
  })

const pathOf = (url: string) => url.slice(ORIGIN.length)

describeEachBackend("the device flow", (backend) => {
  const database = useDatabase(backend)
  const provider = useIdentityProvider(ORIGIN)
  const stranger = useIdentityProvider(ORIGIN, { account: "mallory" })
  let answerKeys = (response: ServerResponse): unknown => response.destroy()
  const keyless = useIdentityProvider(ORIGIN, { answerKeys: (response) => answerKeys(response) })
  const serviceWith = (configuration: unknown, clock = testClock()) =>
    serviceOn(database.sql, { config: fixedConfig(configuration), clock })
  const newService = (clock = testClock()) => serviceWith(provider.configuration, clock)

  /** What the browser does with the verification URI, up to the last page. */
  const approve = async (service: Service, verificationUri: string, from = provider) => {
    const redirect = await service.call("GET", pathOf(verificationUri))
    expect(redirect.status).toBe(307)
    const callback = await from.signIn(redirect.headers.get("location") ?? "")
    return await service.call("GET", pathOf(callback))
  }

  it("gives tokens once, when the user has signed in", async () => {
    const service = newService()
    const { body: flow } = await begin(service, "vo:testvo group:admin")
    expect(flow).toMatchObject({
      user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{8}$/),
      verification_uri: `${ORIGIN}/api/auth/device`,
      verification_uri_complete: `${ORIGIN}/api/auth/device?user_code=${flow.user_code}`,
      expires_in: 600,
    })
    expect(await poll(service, flow.device_code)).toMatchObject({
      status: 400,
      body: { error: "authorization_pending" },
    })
    const completed = await approve(service, flow.verification_uri_complete)
    expect(completed.status).toBe(307)
    const finished = completed.headers.get("location") ?? ""
    expect(finished).toBe(`${ORIGIN}/api/auth/device/complete/finished`)
    expect((await service.call("GET", pathOf(finished))).body).toContain("Please close the window")

    const { status, body: tokens, headers } = await poll(service, flow.device_code)
    expect(status).toBe(200)
    expect(headers.get("cache-control")).toBe("no-store")
    expect(tokens).toMatchObject({ token_type: "Bearer", expires_in: 1200 })
    const userinfo = await service.call("GET", "/api/auth/userinfo", {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    expect(userinfo.body).toEqual({
      sub: "testvo:sub-alice",
      vo: "testvo",
      dirac_group: "admin",
      policies: {},
      properties: ["JobAdministrator", "ServiceAdministrator"],
      preferred_username: "alice",
    })
    expect(await poll(service, flow.device_code)).toMatchObject({
      status: 400,
      body: { detail: "Code was already used" },
    })
  })

  it("gives tokens to one of two who ask at once", async () => {
    const service = newService()
    const { body: flow } = await begin(service)
    await approve(service, flow.verification_uri_complete)
    const answers = await Promise.all([1, 2].map(() => poll(service, flow.device_code)))
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 400])
  })

  it("tells a device to ask again, whatever somebody is writing meanwhile", async () => {
    const service = newService()
    const { body: flow } = await begin(service)
    await database.sql.write({ auth: AuthDB }, async ({ auth }) => {
      const idToken = { sub: "sub-alice" }
      await auth.completeDeviceFlow(flow.user_code, idToken, instantOfEpoch(0))
      expect((await poll(service, flow.device_code)).body).toEqual({
        error: "authorization_pending",
      })
    })
    expect((await poll(service, flow.device_code)).status).toBe(200)
  })

  it("refuses a user code that is unknown, used or too old", async () => {
    const clock = testClock()
    const service = newService(clock)
    const detail = "No row was found when one was required"
    const refused = { status: 400, body: { detail } }
    expect(await service.call("GET", "/api/auth/device?user_code=NONE")).toMatchObject(refused)

    const { body: used } = await begin(service)
    await approve(service, used.verification_uri_complete)
    expect(await service.call("GET", pathOf(used.verification_uri_complete))).toMatchObject(refused)

    const { body: old } = await begin(service)
    clock.advance(601)
    expect(await service.call("GET", pathOf(old.verification_uri_complete))).toMatchObject(refused)
    expect(await poll(service, old.device_code)).toMatchObject({
      status: 401,
      body: { detail: "Device code expired" },
    })
  })

  it("refuses a device code that is unknown, or another client's", async () => {
    const service = newService()
    expect(await poll(service, "nope")).toMatchObject({
      status: 400,
      body: { error: "invalid_grant" },
    })
    const { body: flow } = await begin(service)
    expect(await poll(service, flow.device_code, "other")).toMatchObject({
      status: 400,
      body: { detail: "Bad client_id" },
    })
  })

  it.each([
    ["vo:nope", CLIENT, "VO nope is not known to this installation"],
    ["vo:testvo", "nope", "Unrecognised client ID"],
    ["vo:testvo group:nope", CLIENT, "nope not in testvo groups"],
    ["", CLIENT, "Unrecognised scopes: ['']"],
    [`vo:testvo group:${"x".repeat(2000)}`, CLIENT, `${"x".repeat(2000)} not in testvo groups`],
  ])("refuses to begin with the scope %j of client %s", async (scope, client, detail) => {
    expect(await begin(newService(), scope, client)).toMatchObject({
      status: 400,
      body: { detail },
    })
  })

  it("refuses a callback whose state was not sealed here", async () => {
    const answer = await newService().call("GET", "/api/auth/device/complete?code=x&state=y")
    expect(answer).toMatchObject({ status: 400, body: { detail: "Invalid state" } })
  })

  it("refuses a code that the identity provider did not give", async () => {
    const service = newService()
    const { body: flow } = await begin(service)
    const redirect = await service.call("GET", pathOf(flow.verification_uri_complete))
    const state = new URL(redirect.headers.get("location") ?? "").searchParams.get("state") ?? ""
    const callback = `/api/auth/device/complete?${new URLSearchParams({ code: "nope", state }).toString()}`
    expect(await service.call("GET", callback)).toMatchObject({
      status: 401,
      body: { detail: "Failed to contact IAM server" },
    })
  })

  it("gives no tokens to somebody whom the VO does not know", async () => {
    const service = serviceWith(stranger.configuration)
    const { body: flow } = await begin(service)
    await approve(service, flow.verification_uri_complete, stranger)
    expect((await poll(service, flow.device_code)).status).toBe(401)
  })

  it("says that the identity provider is away", async () => {
    const service = serviceWith(undefined)
    const { body: flow } = await begin(service)
    expect(await service.call("GET", pathOf(flow.verification_uri_complete))).toMatchObject({
      status: 502,
      body: { detail: "Failed to contact IAM server" },
    })
  })

  const json = (response: ServerResponse, body: string) =>
    response.setHeader("content-type", "application/json").end(body)
  const otherKeys = { keys: [newSigningKey("RS256", "other")] }

  it.each<[what: string, answer: (response: ServerResponse) => unknown, status: number]>([
    ["cannot be reached", (response) => response.destroy(), 502],
    ["are away", (response) => response.writeHead(503).end(), 502],
    ["are no JSON", (response) => response.end("keys"), 502],
    ["are broken JSON", (response) => json(response, "{"), 502],
    // Kept for a while by the client of OpenID, so it comes last.
    ["did not sign the token", (response) => json(response, JSON.stringify(otherKeys)), 401],
  ])("does not believe a provider whose keys %s", async (_, answer, status) => {
    answerKeys = answer
    const service = serviceWith(keyless.configuration)
    const { body: flow } = await begin(service)
    expect(await approve(service, flow.verification_uri_complete, keyless)).toMatchObject({
      status,
      body: { detail: "Failed to contact IAM server" },
    })
    expect((await poll(service, flow.device_code)).body).toEqual({ error: "authorization_pending" })
  })
})
