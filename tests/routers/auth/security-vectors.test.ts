import { describe, expect, it } from "vitest"
import * as z from "zod"
import { instantOfEpoch } from "@spinor/core/instant"
import { sha256Hex } from "@spinor/core/security/digest"
import { newSigningKey } from "@spinor/core/security/new-keys"
import { parseKeystore } from "@spinor/core/security/keystore"
import { systemRandom } from "@spinor/core/security/random"
import { signToken } from "@spinor/core/security/tokens"
import { uuid7 } from "@spinor/core/security/uuid7"
import { AuthDB } from "@spinor/db/sql/auth/auth-db"
import { useDatabase } from "../../support/database.ts"
import { fixedConfig, serviceOn, settings, type Json } from "../../support/service.ts"
import { serviceVectorsOf, unitVectorsOf, type KindVector } from "../../support/vectors.ts"

const ORIGIN = "http://testserver"
const KEY = "secret-key-1"
const CLIENT = "myDIRACClientID"
/** No token that was ever stored. */
const UNKNOWN_JTI = "018f3e2a-7c01-7abc-9def-0123456789ab"

const registry = unitVectorsOf("security.json").find(({ input }) => input.kind === "registry")

const Input = z.object({
  method: z.string(),
  path: z.string(),
  query: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  /** The clear key whose digest the administrator has set. */
  api_key_sha256_env_of: z.string().nullish(),
  authorization: z.string().nullable().default("Bearer diracx:legacy:<base64url(secret-key-1)>"),
  form: z.record(z.string(), z.string()).optional(),
  note: z.string().default("a refresh token"),
  token_claims_changed: z.record(z.string(), z.unknown()).optional(),
})
type Input = z.output<typeof Input>

const Output = z.object({
  status: z.number(),
  body: z.unknown().optional(),
  "www-authenticate": z.string().optional(),
  same_refresh_token_returned: z.boolean().optional(),
  /** Of the keys of a JWKS: the names of their members, and the members that are always the same. */
  keys: z.array(z.array(z.string())).optional(),
  fixed: z.array(z.record(z.string(), z.unknown())).optional(),
})

describe("the security of DiracX over HTTP", () => {
  const database = useDatabase("sqlite")
  const keystore = parseKeystore(JSON.stringify({ keys: [newSigningKey("Ed25519", "testkid")] }))
  const serviceWith = (apiKey: string | null | undefined) =>
    serviceOn(database.sql, {
      keystore,
      config: fixedConfig({ DIRAC: {}, Registry: registry?.output }),
      settings: {
        ...settings,
        tokenIssuer: "http://lhcbdirac.cern.ch/",
        legacyExchangeKeyHash: apiKey ? sha256Hex(apiKey) : undefined,
      },
    })
  const service = () => serviceWith(KEY)

  it.each(
    serviceVectorsOf("security.json", "http").map((vector) => [vector.name, vector] as const),
  )("%s", async (_, { input, output, isExpected }: KindVector) => {
    const { path, method, ...request } = Input.parse(input)
    const form = await formOf(request)
    const query = new URLSearchParams(
      Object.entries(request.query).map(([name, value]): [string, string] => [name, String(value)]),
    ).toString()
    const answer = await serviceWith(request.api_key_sha256_env_of).call(
      method,
      `${ORIGIN}${path}${query === "" ? "" : `?${query}`}`,
      { ...(form && { form }), headers: headersOf(request) },
    )
    if (!isExpected) {
      expect(answer.status).toBeLessThan(500)
      return
    }
    const expected = Output.parse(output)
    expect(answer).toMatchObject({ status: expected.status, ...bodyLike(expected) })
    if (expected["www-authenticate"] !== undefined) {
      expect(answer.headers.get("www-authenticate")).toBe(expected["www-authenticate"])
    }
    if (expected.same_refresh_token_returned !== undefined) {
      const same = answer.body.refresh_token === form?.["refresh_token"]
      expect(same).toBe(expected.same_refresh_token_returned)
    }
  })

  const headersOf = ({ authorization, token_claims_changed: changes }: RequestOfVector) => ({
    ...(authorization && { authorization: authorization.replace(/<.*>/, base64url(KEY)) }),
    ...(changes && { authorization: `Bearer ${tokenWith(changes)}` }),
  })

  /** An access token of alice with other claims. */
  function tokenWith(changes: Record<string, unknown>): string {
    const claims = claimsOf(service().tokenFor({ vo: "lhcb", group: "lhcb_user" }))
    for (const [claim, change] of Object.entries(changes)) {
      if (change === "removed") delete claims[claim]
      else claims[claim] = change === "changed" ? CHANGED[claim]?.() : change
    }
    return signToken(claims, keystore)
  }

  async function formOf({
    form,
    note,
  }: RequestOfVector): Promise<Record<string, string> | undefined> {
    if (form?.["refresh_token"] !== "<jwt>") return form
    const token = tokens[note]
    if (!token) throw new Error(`No such token: ${note}`)
    return { ...form, refresh_token: await token() }
  }

  /** How the token of a form came to be. */
  const tokens: Record<string, () => Promise<string>> = {
    "a refresh token": () => login(),
    "client_id is not checked for refresh": () => login(),
    "refresh token from legacy-exchange": () => legacyLogin(),
    "the same legacy refresh token a second time": async () => {
      const token = await legacyLogin()
      await refreshed(token)
      return token
    },
    "refresh token of an ordinary login": () => login(),
    "the rotated (revoked) token again: all of the user's tokens are revoked": async () => {
      const token = await login()
      await refreshed(token)
      return token
    },
    "the successor token is revoked too": async () => {
      const token = await login()
      const successor = await refreshed(token)
      await refreshed(token)
      return successor
    },
    "exp one minute ago": () => login({ exp: now() - 60 }),
    "well signed, jti not in the database": async () =>
      signToken({ ...refreshClaims(), jti: UNKNOWN_JTI }, keystore),
  }

  async function login(claims: { exp?: number } = {}): Promise<string> {
    const payload = { ...refreshClaims(), ...claims }
    await database.sql.write({ auth: AuthDB }, ({ auth }) =>
      auth.insertRefreshToken({
        jti: payload.jti,
        sub: "lhcb:sub-alice",
        scope: "vo:lhcb group:lhcb_user",
      }),
    )
    return signToken(payload, keystore)
  }

  async function legacyLogin(): Promise<string> {
    const query = "preferred_username=alice&scope=vo:lhcb%20group:lhcb_user"
    const headers = { authorization: `Bearer diracx:legacy:${base64url(KEY)}` }
    const { body } = await service().call("GET", `/api/auth/legacy-exchange?${query}`, { headers })
    return body.refresh_token
  }

  async function refreshed(token: string): Promise<string> {
    const form = { grant_type: "refresh_token", refresh_token: token, client_id: CLIENT }
    return (await service().call("POST", "/api/auth/token", { form })).body.refresh_token
  }
})

type RequestOfVector = Pick<Input, "authorization" | "token_claims_changed" | "form" | "note">

const now = () => Math.floor(Date.now() / 1000)

const base64url = (text: string) => Buffer.from(text).toString("base64url").padEnd(16, "=")

const claimsOf = (token: string): Json =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString())

const CHANGED: Readonly<Record<string, () => number>> = {
  exp: () => now() - 60,
  nbf: () => now() + 60,
}

const refreshClaims = () => ({
  jti: uuid7(instantOfEpoch(Date.now()), systemRandom),
  exp: now() + 3600,
  legacy_exchange: false,
  dirac_policies: {},
})

/** What the body is compared with: tokens by their form, lists without order in any order. */
function bodyLike({ body, keys, fixed }: z.output<typeof Output>): { body?: unknown } {
  if (keys && fixed) {
    return {
      body: {
        keys: keys.map((names, i) => ({
          ...Object.fromEntries(names.map((name) => [name, expect.anything()])),
          ...fixed[i],
        })),
      },
    }
  }
  if (typeof body !== "object" || body === null) return { body }
  const entries = Object.entries(body).map(([name, value]) => {
    if (value === "<jwt>") return [name, expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/)]
    if (name === "scopes_supported") {
      return [name, { asymmetricMatch: (scopes: string[]) => sameMembers(scopes, value) }]
    }
    return [name, value]
  })
  return { body: Object.fromEntries(entries) }
}

const sameMembers = (scopes: readonly string[], expected: readonly string[]): boolean =>
  JSON.stringify(scopes.toSorted()) === JSON.stringify(expected.toSorted())
