import { createHash, randomBytes } from "node:crypto"
import { once } from "node:events"
import { createServer, type Server } from "node:http"
import { openIdProvider } from "@spinor/local/openid-provider"
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as z from "zod"
import { freePort } from "../support/free-port.ts"

const accounts = [
  { sub: "sub-alice", preferredUsername: "alice", name: "Alice" },
  { sub: "sub-bob", preferredUsername: "bob", name: "Bob" },
]

describe("the embedded OpenID provider", () => {
  const world = provider()

  it("signs in whoever is picked on its page, with a code that needs the verifier", async () => {
    const go = browser()
    const { url, body } = await go(world.authorize())
    expect(body).toContain('value="sub-alice"')
    expect(body).toContain('value="sub-bob"')
    const { url: back } = await go(url, "sub=sub-bob")
    expect(back.searchParams.get("state")).toBe("s")
    const { status, answer } = await world.redeem(back)
    expect(status).toBe(200)
    const { payload } = await jwtVerify(
      String(answer["id_token"]),
      createRemoteJWKSet(new URL(`${world.issuer}/jwks`)),
      { issuer: world.issuer, audience: "spinor" },
    )
    expect(payload).toMatchObject({ sub: "sub-bob", preferred_username: "bob", name: "Bob" })
  })

  it("refuses a wrong verifier", async () => {
    const go = browser()
    const { url } = await go(world.authorize())
    const { url: back } = await go(url, "sub=sub-alice")
    const { status, answer } = await world.redeem(back, "x".repeat(43))
    expect(status).toBe(400)
    expect(answer["error"]).toBe("invalid_grant")
  })

  it("asks again at the next login of the same browser, which may be somebody else's", async () => {
    const go = browser()
    await go((await go(world.authorize())).url, "sub=sub-alice")
    const { url, body } = await go(world.authorize())
    expect(body).toContain('value="sub-bob"')
    const { url: back } = await go(url, "sub=sub-bob")
    const { answer } = await world.redeem(back)
    expect(decodeJwt(String(answer["id_token"]))).toMatchObject({ preferred_username: "bob" })
  })

  it("shows the accounts again when the one picked does not exist", async () => {
    const go = browser()
    const { url } = await go(world.authorize())
    const { body } = await go(url, "sub=mallory")
    expect(body).toContain('value="sub-alice"')
  })

  it("refuses a login that another browser began", async () => {
    const { url } = await browser()(world.authorize())
    const { status, body } = await browser()(url, "sub=sub-alice")
    expect(status).toBe(400)
    expect(body).toContain("start again")
  })

  it("refuses a redirect to anywhere else, and code without PKCE", async () => {
    const elsewhere = world.authorize()
    elsewhere.searchParams.set("redirect_uri", "https://elsewhere.test/<script>")
    const { status, body } = await browser()(elsewhere)
    expect(status).toBe(400)
    expect(body).not.toContain("<script>")
    const unproven = world.authorize()
    unproven.searchParams.delete("code_challenge")
    unproven.searchParams.delete("code_challenge_method")
    const { url } = await browser()(unproven)
    expect(url.searchParams.get("error")).toBe("invalid_request")
  })
})

describe("the embedded OpenID provider that approves alice", () => {
  const world = provider("alice")

  it("signs her in without a page", async () => {
    const { url: back } = await browser()(world.authorize())
    const { answer } = await world.redeem(back)
    expect(decodeJwt(String(answer["id_token"]))).toMatchObject({
      sub: "sub-alice",
      preferred_username: "alice",
    })
  })

  it("does not start when it does not know whom to approve", () => {
    const issuer = "http://127.0.0.1:1/idp"
    const options = { issuer, accounts, clientId: "spinor", redirectUris: [], cookieKeys: ["key"] }
    expect(() => openIdProvider({ ...options, approve: "mallory" })).toThrow("mallory")
  })
})

const REDIRECT_PATH = "/api/auth/device/complete"
const verifier = randomBytes(32).toString("base64url")

/** A provider under /idp of a server of its own, for the tests of one suite. */
function provider(approve?: string) {
  let server: Server
  const world = {
    issuer: "",
    redirectUri: "",
    authorize(): URL {
      const url = new URL(`${world.issuer}/auth`)
      url.search = new URLSearchParams({
        client_id: "spinor",
        response_type: "code",
        redirect_uri: world.redirectUri,
        scope: "openid profile",
        state: "s",
        code_challenge: createHash("sha256").update(verifier).digest("base64url"),
        code_challenge_method: "S256",
      }).toString()
      return url
    },
    async redeem(back: URL, code_verifier = verifier) {
      const response = await fetch(`${world.issuer}/token`, {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "authorization_code",
          client_id: "spinor",
          code: back.searchParams.get("code") ?? "",
          redirect_uri: world.redirectUri,
          code_verifier,
        }),
      })
      const answer = z.record(z.string(), z.unknown()).parse(await response.json())
      return { status: response.status, answer }
    },
  }
  beforeAll(async () => {
    const port = await freePort()
    world.issuer = `http://127.0.0.1:${port}/idp`
    world.redirectUri = `http://127.0.0.1:${port}${REDIRECT_PATH}`
    const { callback } = openIdProvider({
      issuer: world.issuer,
      accounts,
      clientId: "spinor",
      redirectUris: [world.redirectUri],
      cookieKeys: [randomBytes(16).toString("hex")],
      ...(approve === undefined ? {} : { approve }),
    })
    server = createServer(callback).listen(port, "127.0.0.1")
    await once(server, "listening")
  })
  afterAll(() => server.close())
  return world
}

/** Keeps cookies and follows redirects, up to the one that goes back to the service. */
function browser() {
  const cookies = new Map<string, string>()
  return async function go(
    to: URL,
    form?: string,
  ): Promise<{ url: URL; status: number; body: string }> {
    const response = await fetch(to, {
      redirect: "manual",
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
      },
      ...(form === undefined ? {} : { method: "POST", body: form }),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (/expires=Thu, 01 Jan 1970/i.test(cookie)) cookies.delete(name)
      else cookies.set(name, value)
    }
    const location = response.headers.get("location")
    const body = await response.text()
    if (location === null) return { url: to, status: response.status, body }
    const next = new URL(location, to)
    return next.pathname === REDIRECT_PATH ? { url: next, status: response.status, body } : go(next)
  }
}
