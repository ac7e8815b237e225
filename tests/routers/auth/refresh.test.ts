import { expect, it } from "vitest"
import { instantOfEpoch } from "@spinor/core/instant"
import { systemRandom } from "@spinor/core/security/random"
import { signToken } from "@spinor/core/security/tokens"
import { uuid7 } from "@spinor/core/security/uuid7"
import { AuthDB } from "@spinor/db/sql/auth/auth-db"
import { describeEachBackend } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { configuration, fixedConfig, newKeystore, serviceOn } from "../../support/service.ts"

/** A configuration in which each test has a user of its own, as a reuse revokes all of a user's tokens. */
const withUsers = (...subjects: string[]) => {
  const users = Object.fromEntries(
    subjects.map((sub) => [sub, { PreferedUsername: `name-${sub}` }]),
  )
  const group = { Properties: ["NormalUser"], Users: subjects }
  const testvo = { ...configuration.Registry.testvo, Users: users, Groups: { user: group } }
  return { ...configuration, Registry: { testvo } }
}

const SUBJECTS = ["once", "thief", "race", "old", "revoked", "legacy", "left", "left-group"]

describeEachBackend("refresh tokens", (backend) => {
  const database = useDatabase(backend)
  const newService = (subjects = SUBJECTS) =>
    serviceOn(database.sql, { config: fixedConfig(withUsers(...subjects)) })

  /** A stored refresh token of a subject, as a login gives it. */
  const login = async (
    subject: string,
    { exp = Math.floor(Date.now() / 1000) + 3600, legacy = false } = {},
  ) => {
    const jti = uuid7(instantOfEpoch(Date.now()), systemRandom)
    await database.sql.write({ auth: AuthDB }, ({ auth }) =>
      auth.insertRefreshToken({ jti, sub: `testvo:${subject}`, scope: "vo:testvo" }),
    )
    const payload = { jti, exp, legacy_exchange: legacy, dirac_policies: {} }
    return signToken(payload, newService().deps.keystore)
  }

  const refresh = (token: string, service = newService()) =>
    service.call("POST", "/api/auth/token", {
      form: { grant_type: "refresh_token", refresh_token: token, client_id: "myDIRACClientID" },
    })

  const REUSED = {
    status: 401,
    body: {
      detail:
        "Revoked refresh token reused: potential attack detected. You must authenticate again",
    },
  }

  it("serve once: a new one comes with the access token", async () => {
    const first = await login("once")
    const { status, body } = await refresh(first)
    expect(status).toBe(200)
    expect(body.refresh_token).not.toBe(first)
    expect((await refresh(body.refresh_token)).status).toBe(200)
  })

  it("are all revoked when one is used again", async () => {
    const [stolen, other] = [await login("thief"), await login("thief")]
    const { body } = await refresh(stolen)
    const again = await refresh(stolen)
    expect(again).toMatchObject(REUSED)
    expect(again.headers.get("www-authenticate")).toBe("Bearer")
    expect(await refresh(body.refresh_token)).toMatchObject(REUSED)
    expect(await refresh(other)).toMatchObject(REUSED)
  })

  it("serve one of two who use the same at once; the other counts as reuse", async () => {
    const token = await login("race")
    const answers = await Promise.all([refresh(token), refresh(token)])
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 401])
  })

  it("expire", async () => {
    const token = await login("old", { exp: Math.floor(Date.now() / 1000) - 60 })
    expect(await refresh(token)).toMatchObject({
      status: 401,
      body: { detail: "expired_token: The token is expired" },
    })
  })

  it("of the legacy exchange go on serving", async () => {
    const token = await login("legacy", { legacy: true })
    expect(await refresh(token)).toMatchObject({ status: 200, body: { refresh_token: token } })
    expect(await refresh(token)).toMatchObject({ status: 200, body: { refresh_token: token } })
  })

  it("no longer serve a user who has left the VO, or the group", async () => {
    const token = await login("left")
    expect((await refresh(token, newService(["once"]))).status).toBe(401)
    const left = withUsers(...SUBJECTS)
    left.Registry.testvo.Groups.user.Users = ["once"]
    const service = serviceOn(database.sql, { config: fixedConfig(left) })
    expect(await refresh(await login("left-group"), service)).toMatchObject({
      status: 403,
      body: { detail: "User is not a member of the requested group (name-left-group, user)" },
    })
    // The refusal has changed nothing.
    expect((await refresh(token)).status).toBe(200)
  })

  it("can be revoked, also when they are nonsense", async () => {
    const service = newService()
    const revoke = (token: string, more: Record<string, string> = {}) =>
      service.call("POST", "/api/auth/revoke", { form: { token, ...more } })
    const done = { status: 200, body: "Refresh token revoked" }
    const token = await login("revoked")
    expect(await revoke(token)).toMatchObject(done)
    expect(await refresh(token)).toMatchObject(REUSED)
    expect(await revoke("garbage")).toMatchObject(done)
    expect(await revoke(token, { client_id: "nope" })).toMatchObject({
      status: 401,
      body: { detail: "Unrecognised client_id" },
    })
    expect(await revoke(token, { token_type_hint: "access_token" })).toMatchObject({
      status: 400,
      body: { detail: "unsupported_token_type" },
    })
  })

  it.each([
    ["garbage", 401, { detail: "decode_error: Invalid JSON Web Signature" }],
    ["", 401, { detail: "decode_error: Invalid JSON Web Signature" }],
  ])("are refused when they are %j", async (token, status, body) => {
    expect(await refresh(token)).toMatchObject({ status, body })
  })

  it("are refused when they were signed elsewhere, never stored, or are access tokens", async () => {
    const jti = uuid7(instantOfEpoch(Date.now()), systemRandom)
    const exp = Math.floor(Date.now() / 1000) + 60
    const payload = { jti, exp, legacy_exchange: false, dirac_policies: {} }
    expect((await refresh(signToken(payload, newKeystore()))).status).toBe(401)
    expect(await refresh(signToken(payload, newService().deps.keystore))).toMatchObject({
      status: 400,
      body: { detail: `Token ${jti} not found` },
    })
    expect((await refresh(newService().tokenFor())).status).toBe(401)
  })

  it.each([
    [{}, "invalid_request"],
    [{ grant_type: "refresh_token" }, "invalid_request"],
    [{ grant_type: "refresh_token", client_id: "x" }, "invalid_request"],
    [{ grant_type: "password", client_id: "x" }, "unsupported_grant_type"],
    [{ grant_type: "authorization_code", client_id: "x", code: "y" }, "invalid_request"],
    [{ grant_type: "authorization_code", client_id: "x", code_verifier: "z" }, "invalid_request"],
    [
      { grant_type: "authorization_code", client_id: "x", code: "y", code_verifier: "z" },
      "invalid_grant",
    ],
  ])("are not given for the form %j", async (form, error) => {
    const answer = await newService().call("POST", "/api/auth/token", { form })
    expect(answer).toMatchObject({ status: 400, body: { error } })
  })
})
