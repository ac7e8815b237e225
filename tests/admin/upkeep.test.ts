import { expect, it, onTestFinished } from "vitest"
import { instant } from "@spinor/core/instant"
import { AuthDB } from "@spinor/db/sql/auth/auth-db"
import { connectSql } from "@spinor/db/sql/connections"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { describeEachBackend, freshDatabaseUrl } from "../support/backends.ts"
import { freePort } from "../support/free-port.ts"
import { terminal } from "./terminal.ts"

describeEachBackend("db upkeep", (backend) => {
  it("says what it did, and finds nothing to do the second time", async () => {
    const { url, drop } = await freshDatabaseUrl(backend)
    onTestFinished(drop)
    const { run } = await terminal({ DIRACX_DB_URL_AUTHDB: url })
    await run("db migrate --database AuthDB")
    const connections = connectSql(() => parseDatabaseUrl(url, "the test's URL"))
    await connections.sql.write({ auth: AuthDB }, async ({ auth }) => {
      await auth.insertDeviceFlow({
        userCode: "OLD",
        deviceCode: "old",
        clientId: "c",
        scope: "vo:testvo",
        creationTime: instant("2026-11-21T06:59:59Z"),
      })
    })
    await connections.close()

    const place = `${parseDatabaseUrl(url, "").place} (AuthDB)`
    const said = (flows: number) => ({
      code: 0,
      err: "",
      out: `${place}
  partitions added: none; dropped: none
  rows deleted: 0 of refresh tokens, 0 of authorization flows, ${flows} of device flows, 0 of attempts
`,
    })
    const both = await Promise.all([run("db upkeep"), run("db upkeep")])
    expect(both).toEqual(expect.arrayContaining([said(1), said(0)]))
    expect(await run("db upkeep")).toEqual(said(0))
    const { out } = await run("db upkeep --json")
    expect(JSON.parse(out)).toEqual({
      place,
      added: [],
      dropped: [],
      refreshTokens: 0,
      authorizationFlows: 0,
      deviceFlows: 0,
      attempts: 0,
    })
  })

  it("says in one line that the tables are not there", async () => {
    const { url, drop } = await freshDatabaseUrl(backend)
    onTestFinished(drop)
    const { run } = await terminal({ DIRACX_DB_URL_AUTHDB: url })
    const { code, out, err } = await run("db upkeep")
    expect({ code, out }).toEqual({ code: 1, out: "" })
    expect(err).toMatch(/^error: .* \(AuthDB\): .*(RefreshTokens|spinor|Auth).*\n$/)
  })
})

it("refuses to delete logins before they have expired", async () => {
  const { run } = await terminal({
    SPINOR_DB_URL: "sqlite+aiosqlite:///:memory:",
    DIRACX_SERVICE_AUTH_COMPLETED_FLOW_RETENTION_MINUTES: "10",
  })
  expect(await run("db upkeep")).toEqual({
    code: 1,
    out: "",
    err: "error: DIRACX_SERVICE_AUTH_COMPLETED_FLOW_RETENTION_MINUTES is not longer than DIRACX_SERVICE_AUTH_DEVICE_FLOW_EXPIRATION_SECONDS\n",
  })
})

it("tells in one line that the database cannot be reached", async () => {
  const place = `127.0.0.1:${await freePort()}`
  const { run } = await terminal({
    DIRACX_DB_URL_AUTHDB: `mysql+aiomysql://user:tiger@${place}/auth`,
  })
  const { code, out, err } = await run("db upkeep")
  expect({ code, out }).toEqual({ code: 1, out: "" })
  expect(err).toMatch(new RegExp(`^error: \\w+://${place}/auth \\(AuthDB\\): .*ECONNREFUSED.*\n$`))
  expect(err).not.toContain("tiger")
})
