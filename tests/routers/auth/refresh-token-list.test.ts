import { expect, it } from "vitest"
import { instantOfEpoch } from "@spinor/core/instant"
import { systemRandom } from "@spinor/core/security/random"
import { signToken } from "@spinor/core/security/tokens"
import { uuid7 } from "@spinor/core/security/uuid7"
import { AuthDB } from "@spinor/db/sql/auth/auth-db"
import { describeEachBackend } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { serviceOn, type Caller } from "../../support/service.ts"

describeEachBackend("the list of refresh tokens", (backend) => {
  const database = useDatabase(backend)
  const service = () => serviceOn(database.sql)
  const manager: Caller = { name: "manager", properties: ["ProxyManagement"] }

  const store = async (name: string) => {
    const jti = uuid7(instantOfEpoch(Date.now()), systemRandom)
    await database.sql.write({ auth: AuthDB }, ({ auth }) =>
      auth.insertRefreshToken({ jti, sub: `testvo:sub-${name}`, scope: "vo:testvo" }),
    )
    return jti
  }
  const list = (as: Caller) => service().call("GET", "/api/auth/refresh-tokens", { as })
  const revoke = (jti: string, as: Caller) =>
    service().call("DELETE", `/api/auth/refresh-tokens/${jti}`, { as })
  const idsOf = async (as: Caller) => (await list(as)).body.map((row: { JTI: string }) => row.JTI)

  it("shows a user the own tokens, in DiracX's words", async () => {
    const [mine] = [await store("dora"), await store("Dora")]
    expect(await list({ name: "dora" })).toMatchObject({
      status: 200,
      body: [{ JTI: mine, Status: 1, Scope: "vo:testvo", Sub: "testvo:sub-dora" }],
    })
  })

  it("no longer shows what was revoked, but to those who manage everybody's", async () => {
    const jti = await store("emil")
    expect(await revoke(jti, { name: "emil" })).toMatchObject({
      status: 200,
      body: "Refresh token revoked",
    })
    expect(await idsOf({ name: "emil" })).toEqual([])
    const row = { JTI: jti, Status: 2, Scope: "vo:testvo", Sub: "testvo:sub-emil" }
    expect((await list(manager)).body).toContainEqual(row)
  })

  it("lets nobody revoke another's token but a manager of proxies", async () => {
    const jti = await store("fred")
    expect(await revoke(jti, { name: "gina" })).toMatchObject({
      status: 403,
      body: { detail: "Cannot revoke a refresh token owned by someone else" },
    })
    expect(await idsOf({ name: "fred" })).toEqual([jti])
    expect((await revoke(jti, manager)).status).toBe(200)
  })

  it("revokes a token for good: it is not exchanged any more", async () => {
    const jti = await store("hugo")
    const { deps, call } = service()
    const claims = { jti, exp: Math.floor(Date.now() / 1000) + 60, legacy_exchange: false }
    const refresh_token = signToken({ ...claims, dirac_policies: {} }, deps.keystore)
    expect((await revoke(jti, { name: "hugo" })).status).toBe(200)
    const form = { grant_type: "refresh_token", refresh_token, client_id: "myDIRACClientID" }
    expect(await call("POST", "/api/auth/token", { form })).toMatchObject({
      status: 401,
      body: { detail: expect.stringMatching(/^Revoked refresh token reused/) },
    })
  })

  it("says that a token is unknown, or that an id is none", async () => {
    const unknown = "01900000-0000-7000-8000-000000000000"
    expect(await revoke(unknown, {})).toMatchObject({
      status: 404,
      body: { detail: `Token ${unknown} not found` },
    })
    expect(await revoke("nope", {})).toMatchObject({
      status: 400,
      body: { detail: "badly formed hexadecimal UUID string" },
    })
  })
})
