import { expect, it } from "vitest"
import { sha256Hex } from "@spinor/core/security/digest"
import { useDatabase } from "../../support/database.ts"
import { serviceOn, settings } from "../../support/service.ts"

const database = useDatabase("sqlite")
const KEY = "secret-key-1"
const AUTHORIZATION = `Bearer diracx:legacy:${Buffer.from(KEY).toString("base64url")}`

const exchange = (
  query: Record<string, string>,
  { authorization = AUTHORIZATION, enabled = true } = {},
) =>
  serviceOn(database.sql, {
    settings: { ...settings, legacyExchangeKeyHash: enabled ? sha256Hex(KEY) : undefined },
  }).call("GET", `/api/auth/legacy-exchange?${new URLSearchParams(query).toString()}`, {
    headers: authorization === "" ? {} : { authorization },
  })

const ALICE = { preferred_username: "alice", scope: "vo:testvo group:admin" }

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString())

it("gives legacy DIRAC tokens of any user, the refresh token as long as it asks", async () => {
  const { status, body } = await exchange({ ...ALICE, expires_minutes: "5" })
  expect(status).toBe(200)
  expect(claimsOf(body.access_token)).toMatchObject({
    sub: "testvo:sub-alice",
    dirac_group: "admin",
  })
  const refresh = claimsOf(body.refresh_token)
  expect(refresh.legacy_exchange).toBe(true)
  expect(refresh.exp - Date.now() / 1000).toBeGreaterThan(295)
  expect(refresh.exp - Date.now() / 1000).toBeLessThan(301)
})

it("gives a refresh token that serves again and again, until it is revoked", async () => {
  const { body } = await exchange(ALICE)
  const service = serviceOn(database.sql)
  const refresh = () =>
    service.call("POST", "/api/auth/token", {
      form: {
        grant_type: "refresh_token",
        client_id: settings.clientId,
        refresh_token: body.refresh_token,
      },
    })
  for (const _ of ["once", "twice"]) {
    expect(await refresh()).toMatchObject({
      status: 200,
      body: { refresh_token: body.refresh_token },
    })
  }
  await service.call("POST", "/api/auth/revoke", { form: { token: body.refresh_token } })
  expect((await refresh()).status).toBe(401)
})

it("is off unless the administrator has set a key", async () => {
  expect(await exchange(ALICE, { enabled: false })).toMatchObject({
    status: 503,
    body: { detail: "Legacy exchange is not enabled" },
  })
})

it.each([
  ["another key", ALICE, "Bearer diracx:legacy:bm8=", 401, "Invalid credentials"],
  ["another form", ALICE, "Bearer abc", 400, "Invalid authorization header"],
  [
    "an unknown user",
    { ...ALICE, preferred_username: "zed" },
    AUTHORIZATION,
    400,
    "Invalid scope or preferred_username",
  ],
  [
    "an unknown VO",
    { ...ALICE, scope: "vo:nope" },
    AUTHORIZATION,
    400,
    "Invalid scope or preferred_username",
  ],
  [
    "a scope without VO",
    { ...ALICE, scope: "group:user" },
    AUTHORIZATION,
    400,
    "Invalid scope or preferred_username",
  ],
  [
    "a group of others",
    { preferred_username: "bob", scope: "vo:testvo group:admin" },
    AUTHORIZATION,
    403,
    "User is not a member of the requested group (bob, admin)",
  ],
])("refuses %s", async (_, query, authorization, status, detail) => {
  expect(await exchange(query, { authorization })).toMatchObject({ status, body: { detail } })
})

it.each([
  ["no header", ALICE, "", ["header", "authorization"]],
  ["no user", { scope: "vo:testvo" }, AUTHORIZATION, ["query", "preferred_username"]],
  [
    "minutes that are no number",
    { ...ALICE, expires_minutes: "x" },
    AUTHORIZATION,
    ["query", "expires_minutes"],
  ],
])("tells where a request is wrong: %s", async (_, query, authorization, loc) => {
  expect(await exchange(query as Record<string, string>, { authorization })).toMatchObject({
    status: 422,
    body: { detail: [{ loc }] },
  })
})
