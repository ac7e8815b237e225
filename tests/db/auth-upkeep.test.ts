import { describe, expect, it, onTestFinished } from "vitest"
import { sql } from "drizzle-orm"
import { instant, plusSeconds, type Instant } from "@spinor/core/instant"
import { systemRandom } from "@spinor/core/security/random"
import { uuid7 } from "@spinor/core/security/uuid7"
import { AuthDB } from "@spinor/db/sql/auth/auth-db"
import {
  monthOf,
  partitionName,
  partitionRefreshTokens,
  planPartitions,
} from "@spinor/db/sql/auth/partitions"
import { connectSql } from "@spinor/db/sql/connections"
import { readMigrations } from "@spinor/db/sql/migrations/files"
import { migrate } from "@spinor/db/sql/migrations/migrate"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { keepAuth } from "@spinor/logic/auth/upkeep"
import {
  describeEachBackend,
  freshDatabaseUrl,
  runsHere,
  type Backend,
} from "../support/backends.ts"

const NOW = instant("2026-11-21T08:00:00Z")
const retention = { refreshTokenMonths: 6, flowMinutes: 60 }

/** An AuthDB of its own; tables are made at that moment, unless they are to be adopted. */
async function authDb(backend: Backend, made = NOW, adopt = false) {
  const { url, drop } = await freshDatabaseUrl(backend)
  const parsed = parseDatabaseUrl(url, "the test's URL")
  const connections = connectSql(() => parsed)
  onTestFinished(async () => {
    await connections.close()
    await drop()
  })
  const engine = await connections.engineOf("AuthDB")
  const run = (statement: string) =>
    engine.transaction((queries) => queries.run(sql.raw(statement)))
  if (adopt) {
    const [baseline] = await readMigrations(engine.dialect.name, "AuthDB", "mysql")
    for (const statement of baseline?.statements ?? []) await run(statement)
  }
  await migrate(engine, ["AuthDB"], () => made)

  const write = <Result>(work: (auth: AuthDB) => Promise<Result>) =>
    connections.sql.write({ auth: AuthDB }, ({ auth }) => work(auth))
  return {
    engine,
    run,
    write,
    upkeep: (now: Instant, kept = retention) =>
      keepAuth({ sql: connections.sql, clock: () => now }, kept),
    /** Stores a token that was made at that moment. */
    token: async (at: Instant) => {
      const jti = uuid7(at, systemRandom)
      await write((auth) => auth.insertRefreshToken({ jti, sub: "testvo:sub", scope: "vo:testvo" }))
      return jti
    },
    tokens: async () =>
      (await write((auth) => auth.refreshTokens(undefined))).map(({ jti }) => jti),
    partitions: async () => {
      const rows = await run(
        `select partition_name as name, partition_description as below from information_schema.partitions
         where table_schema = database() and table_name = 'RefreshTokens' order by partition_ordinal_position`,
      )
      return rows.map(({ name, below }) => ({ name: String(name), below: String(below) }))
    },
  }
}

const nothing = {
  added: [],
  dropped: [],
  refreshTokens: 0,
  authorizationFlows: 0,
  deviceFlows: 0,
  attempts: 0,
}

describeEachBackend("the upkeep of logins", (backend) => {
  it("deletes the tokens of months before those that are kept", async () => {
    const { token, tokens, upkeep } = await authDb(backend)
    const times = ["2026-04-30T23:59:59.999Z", "2026-05-01T00:00:00Z", "2026-11-21T07:59:59Z"]
    const [, kept, newest] = [
      await token(instant(times[0] ?? "")),
      await token(instant(times[1] ?? "")),
      await token(instant(times[2] ?? "")),
    ]
    expect(await upkeep(NOW)).toEqual({ ...nothing, refreshTokens: 1 })
    expect(await tokens()).toEqual([kept, newest])
    expect(await upkeep(NOW)).toEqual(nothing)
    expect(await tokens()).toEqual([kept, newest])
  })

  it("deletes no token where they are kept for longer than there are any", async () => {
    const { token, tokens, upkeep } = await authDb(backend)
    const old = await token(instant("1971-01-01T00:00:00Z"))
    const months = 2 ** 31 - 1
    await upkeep(NOW, { ...retention, refreshTokenMonths: months })
    expect(await tokens()).toEqual([old])
  })

  it("deletes tokens however many they are", async () => {
    const { run, tokens, upkeep } = await authDb(backend)
    const long = instant("2025-01-01T00:00:00Z")
    const rows = Array.from(
      { length: 2500 },
      () => `('${uuid7(long, systemRandom).replaceAll("-", "")}', 'CREATED', 's', 'u')`,
    )
    const names =
      backend === "postgresql"
        ? `"RefreshTokens" ("JTI", "Status", "Scope", "Sub")`
        : "RefreshTokens (JTI, Status, Scope, Sub)"
    await run(`insert into ${names} values ${rows.join(", ")}`)
    expect(await upkeep(NOW)).toMatchObject({ refreshTokens: 2500 })
    expect(await tokens()).toEqual([])
  })

  it("deletes flows and attempts that have expired, and no others", async () => {
    const { write, upkeep } = await authDb(backend)
    const flow = { clientId: "c", scope: "vo:testvo" }
    const code = { codeChallenge: "x", codeChallengeMethod: "S256", redirectUri: "http://r" }
    for (const [name, minutes] of [
      ["OLD", 61],
      ["NEW", 59],
    ] as const) {
      const creationTime = plusSeconds(NOW, -60 * minutes)
      await write(async (auth) => {
        await auth.insertDeviceFlow({ ...flow, userCode: name, deviceCode: name, creationTime })
        await auth.insertAuthorizationFlow({
          ...flow,
          ...code,
          uuid: uuid7(creationTime, systemRandom),
          creationTime,
        })
        await auth.countAttempt("a", creationTime)
      })
    }
    expect(await upkeep(NOW)).toEqual({
      ...nothing,
      authorizationFlows: 1,
      deviceFlows: 1,
      attempts: 1,
    })
    const scope = (userCode: string) =>
      write((auth) => auth.scopeOfPendingDeviceFlow(userCode, instant("2020-01-01T00:00:00Z")))
    expect([await scope("OLD"), await scope("NEW")]).toEqual([undefined, "vo:testvo"])
    expect(await upkeep(NOW)).toEqual(nothing)
  })
})

describe.skipIf(!runsHere("mysql"))("the partitions of RefreshTokens on MariaDB", () => {
  it("are DiracX's in a new table: 24 months, and one for what comes later", async () => {
    const { partitions } = await authDb("mysql")
    const found = await partitions()
    expect(found).toHaveLength(25)
    expect(found[0]).toEqual({ name: "p_2026_11", below: "'01a22ee6-b000-7000-8000-000000000000'" })
    expect(found.slice(1, 3).map(({ name }) => name)).toEqual(["p_2026_12", "p_2027_1"])
    expect(found.slice(-2).map(({ name }) => name)).toEqual(["p_2028_10", "p_future"])
    expect(found.at(-1)?.below).toBe("MAXVALUE")
  })

  it("hold each the tokens of its month", async () => {
    const { token, run } = await authDb("mysql")
    const inPartition = async (name: string) => {
      const rows = await run(
        `select JTI as jti from RefreshTokens partition (${name}) order by JTI`,
      )
      return rows.map(({ jti }) => jti)
    }
    const first = await token(instant("2026-11-30T23:59:59.999Z"))
    const second = await token(instant("2026-12-01T00:00:00Z"))
    const last = await token(instant("2027-12-31T23:59:59.999Z"))
    const far = await token(instant("2030-01-01T00:00:00Z"))
    expect(await inPartition("p_2026_11")).toEqual([first])
    expect(await inPartition("p_2026_12")).toEqual([second])
    expect(await inPartition("p_2027_12")).toEqual([last])
    expect(await inPartition("p_future")).toEqual([far])
  })

  it("hold them also where JTI has the characters of MySQL 8", async () => {
    const { engine, token, run, upkeep } = await authDb("mysql", NOW, true)
    await engine.transaction((queries) => partitionRefreshTokens(queries, engine.dialect, NOW))
    const jti = await token(instant("2028-12-01T00:00:00Z"))
    expect(await upkeep(instant("2028-10-31T23:59:59Z"))).toMatchObject({
      added: months("2028-11", 12),
    })
    const rows = await run("select JTI as jti from RefreshTokens partition (p_2028_12)")
    expect(rows).toEqual([{ jti: jti.replaceAll("-", "") }])
  })

  it("are added a year ahead and dropped when they are no longer kept", async () => {
    const { token, tokens, partitions, upkeep } = await authDb("mysql")
    const [old, far] = [await token(NOW), await token(instant("2029-02-03T00:00:00Z"))]
    expect(await upkeep(NOW)).toEqual(nothing)
    const later = instant("2028-05-31T23:59:59Z")
    const { added, dropped } = await upkeep(later)
    expect(added).toEqual(months("2028-11", 7))
    expect(dropped).toEqual(months("2026-11", 12))
    expect((await partitions()).map(({ name }) => name)).toEqual([
      ...months("2027-11", 19),
      "p_future",
    ])
    expect(await tokens()).toEqual([far])
    expect(old).not.toBe(far)
    expect(await upkeep(later)).toEqual(nothing)
  })

  it("take up what p_future holds after years without upkeep", async () => {
    const { token, tokens, partitions, upkeep } = await authDb(
      "mysql",
      instant("2020-01-15T00:00:00Z"),
    )
    const kept = await token(NOW)
    await upkeep(NOW)
    expect((await partitions()).map(({ name }) => name)).toEqual([
      ...months("2026-05", 19),
      "p_future",
    ])
    expect(await tokens()).toEqual([kept])
  })

  it("are left as they are in a table that DiracX made, which is kept up too", async () => {
    const { token, tokens, partitions, upkeep } = await authDb("mysql", NOW, true)
    expect(await partitions()).toEqual([{ name: "null", below: "null" }])
    await token(instant("2026-01-01T00:00:00Z"))
    const kept = await token(NOW)
    expect(await upkeep(NOW)).toEqual({ ...nothing, refreshTokens: 1 })
    expect(await tokens()).toEqual([kept])
    expect(await partitions()).toEqual([{ name: "null", below: "null" }])
  })

  it("are changed beside a service that uses the table: nobody waits for long", async () => {
    const { write, run, upkeep, token } = await authDb("mysql")
    const jti = await token(NOW)
    const release = Promise.withResolvers<void>()
    const reading = Promise.withResolvers<void>()
    const busy = write(async (auth) => {
      await auth.refreshToken(jti)
      reading.resolve()
      await release.promise
    })
    await reading.promise
    const change = upkeep(instant("2028-01-01T00:00:00Z"))
    const waiting = () =>
      run(
        `select 1 from information_schema.processlist where db = database() and state like '%metadata lock%'`,
      )
    await expect.poll(waiting, { interval: 10 }).toHaveLength(1)
    expect(await write((auth) => auth.refreshToken(jti))).toMatchObject({ jti })
    release.resolve()
    await busy
    expect(await change).toMatchObject({ added: months("2028-11", 3) })
  })
})

/** Names of partitions of so many months. */
const months = (first: string, count: number) =>
  Array.from({ length: count }, (_, i) => partitionName(monthOf(`${first}-01` as Instant) + i))

describe("a plan for partitions", () => {
  const plan = (existing: string[]) => planPartitions(existing, monthOf(NOW), monthOf(NOW) - 6)

  it("leaves a table alone that is partitioned in another way", () => {
    expect(plan([])).toEqual({ add: [], drop: [] })
    expect(plan(["p0", "p1"])).toEqual({ add: [], drop: [] })
    expect(plan(["p_2020_1"])).toEqual({ add: [], drop: [] })
  })

  it("begins with this month where there is none", () => {
    expect(plan(["p_future"]).add.map(partitionName)).toEqual(months("2026-11", 13))
  })

  it("drops no partition whose name is not a month's", () => {
    expect(plan(["p_old", "p_2026_03", "p_2026_4", "p_2026_5", "p_2027_11", "p_future"])).toEqual({
      add: [],
      drop: [monthOf(instant("2026-04-01T00:00:00Z"))],
    })
  })
})
