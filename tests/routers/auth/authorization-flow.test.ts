import { expect, it } from "vitest"
import { codeChallenge, codeVerifier } from "@spinor/core/security/pkce"
import { systemRandom } from "@spinor/core/security/random"
import { describeEachBackend } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { useIdentityProvider } from "../../support/identity-provider.ts"
import { fixedConfig, serviceOn, testClock, type Service } from "../../support/service.ts"

const ORIGIN = "http://localhost"
const REDIRECT = `${ORIGIN}/api/docs/oauth2-redirect`
const VERIFIER = codeVerifier(systemRandom)

const REQUEST = {
  response_type: "code",
  code_challenge: codeChallenge(VERIFIER),
  code_challenge_method: "S256",
  client_id: "myDIRACClientID",
  redirect_uri: REDIRECT,
  scope: "vo:testvo",
  state: "a state & more",
}

const pathOf = (url: string) => url.slice(ORIGIN.length)

describeEachBackend("the authorization code flow", (backend) => {
  const database = useDatabase(backend)
  const provider = useIdentityProvider(ORIGIN)
  const newService = (clock = testClock()) =>
    serviceOn(database.sql, { config: fixedConfig(provider.configuration), clock })

  const begin = (service: Service, more: Record<string, string> = {}) =>
    service.call(
      "GET",
      `/api/auth/authorize?${new URLSearchParams({ ...REQUEST, ...more }).toString()}`,
    )

  /** The browser signs in; gives the URL at which the client takes the code. */
  const signIn = async (service: Service): Promise<URL> => {
    const begun = await begin(service)
    expect(begun.status).toBe(307)
    const callback = await provider.signIn(begun.headers.get("location") ?? "")
    const completed = await service.call("GET", pathOf(callback))
    expect(completed.status).toBe(307)
    return new URL(completed.headers.get("location") ?? "")
  }

  const exchange = (service: Service, code: string, more: Record<string, string> = {}) =>
    service.call("POST", "/api/auth/token", {
      form: {
        grant_type: "authorization_code",
        client_id: REQUEST.client_id,
        redirect_uri: REDIRECT,
        code_verifier: VERIFIER,
        code,
        ...more,
      },
    })

  it("sends the browser back with a code and the client's own state, and the code gives tokens once", async () => {
    const service = newService()
    const back = await signIn(service)
    expect(`${back.origin}${back.pathname}`).toBe(REDIRECT)
    expect(back.searchParams.get("state")).toBe(REQUEST.state)
    const code = back.searchParams.get("code") ?? ""
    expect(await exchange(service, code)).toMatchObject({
      status: 200,
      body: { token_type: "Bearer", expires_in: 1200 },
    })
    expect(await exchange(service, code)).toMatchObject({
      status: 400,
      body: { detail: "Code was already used" },
    })
  })

  it("gives tokens to one of two who bring the code at once", async () => {
    const service = newService()
    const code = (await signIn(service)).searchParams.get("code") ?? ""
    const answers = await Promise.all([exchange(service, code), exchange(service, code)])
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 400])
  })

  it.each([
    [{ code_verifier: "another" }, "Invalid code_challenge"],
    [{ redirect_uri: "http://elsewhere" }, "Invalid redirect_uri"],
    [{ client_id: "other" }, "Bad client_id"],
  ])("keeps the code from a client that brings %j", async (more, detail) => {
    const service = newService()
    const code = (await signIn(service)).searchParams.get("code") ?? ""
    const refused = await exchange(service, code, more)
    expect(refused).toMatchObject({ status: 400, body: { detail } })
    // The refusal has used up nothing.
    expect((await exchange(service, code)).status).toBe(200)
  })

  it("forgets a code that is not fetched in time", async () => {
    const clock = testClock()
    const service = newService(clock)
    const code = (await signIn(service)).searchParams.get("code") ?? ""
    clock.advance(301)
    expect(await exchange(service, code)).toMatchObject({
      status: 400,
      body: { error: "invalid_grant" },
    })
  })

  it.each([
    [{ client_id: "nope" }, 400, "Unrecognised client_id"],
    [{ redirect_uri: "https://evil.example" }, 400, "Unrecognised redirect_uri"],
    [{ redirect_uri: `${REDIRECT}?x=1` }, 400, "Unrecognised redirect_uri"],
    [{ scope: "vo:nope" }, 400, "VO nope is not known to this installation"],
  ])("does not begin with %j", async (more, status, detail) => {
    const answer = await begin(newService(), more)
    expect(answer).toMatchObject({ status, body: { detail } })
  })

  it.each(["response_type", "code_challenge_method"])("knows one %s only", async (name) => {
    const answer = await begin(newService(), { [name]: "plain" })
    expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ["query", name] }] } })
  })

  it("refuses a callback with a state of its own, or with a code that the provider did not give", async () => {
    const service = newService()
    const complete = (code: string, state: string) =>
      service.call(
        "GET",
        `/api/auth/authorize/complete?${new URLSearchParams({ code, state }).toString()}`,
      )
    expect(await complete("x", "y")).toMatchObject({
      status: 400,
      body: { detail: "Invalid state" },
    })
    const begun = await begin(service)
    const state = new URL(begun.headers.get("location") ?? "").searchParams.get("state") ?? ""
    expect(await complete("x", state)).toMatchObject({
      status: 401,
      body: { detail: "Invalid code" },
    })
  })

  it("does not take the state of a device flow", async () => {
    const service = newService()
    const scope = new URLSearchParams({
      client_id: REQUEST.client_id,
      scope: "vo:testvo",
    }).toString()
    const { body: flow } = await service.call("POST", `/api/auth/device?${scope}`)
    const begun = await service.call("GET", pathOf(flow.verification_uri_complete))
    const callback = await provider.signIn(begun.headers.get("location") ?? "")
    const crossed = pathOf(callback).replace("/device/", "/authorize/")
    expect((await service.call("GET", crossed)).status).toBeGreaterThanOrEqual(400)
  })
})
