import { describe, expect, it, onTestFinished } from "vitest"
import { sql } from "drizzle-orm"
import { readSettings } from "@spinor/core/settings/settings"
import { connectSql } from "@spinor/db/sql/connections"
import { databaseUrls } from "@spinor/db/sql/urls-from-settings"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { freshDatabaseUrl, runsHere } from "../support/backends.ts"

const parts = {
  SPINOR_DB_TYPE: "mysql",
  SPINOR_DB_HOST: "db.example.org",
  SPINOR_DB_NAME: "jobs",
  SPINOR_DB_USER: "spinor",
  SPINOR_DB_PASSWORD: "tiger",
}

const jobDb = (env: Record<string, string>, given?: Record<string, string>) =>
  databaseUrls(readSettings(env), ["JobDB"], given).urlOf("JobDB")

describe("the URL of a database", () => {
  it("is made of its parts", () => {
    expect(jobDb(parts)).toMatchObject({
      driver: "mysql2",
      host: "db.example.org",
      port: 3306,
      user: "spinor",
      password: "tiger",
      database: "jobs",
    })
    const more = { ...parts, SPINOR_DB_TYPE: "postgresql", SPINOR_DB_PORT: "6543" }
    expect(jobDb(more)).toMatchObject({ driver: "postgres", port: 6543 })
    expect(jobDb({ ...parts, SPINOR_DB_HOST: "::1" })).toMatchObject({ host: "::1", port: 3306 })
    const file = { SPINOR_DB_TYPE: "sqlite", SPINOR_DB_NAME: "/data/50% of it?/jobs.db" }
    expect(jobDb(file)).toMatchObject({ dialect: "sqlite", database: "/data/50% of it?/jobs.db" })
  })

  it("is the first that there is: in code, the database's variable, the common one, the parts", () => {
    const env = {
      ...parts,
      SPINOR_DB_URL: "mysql+mysql2://u:p@common/jobs",
      DIRACX_DB_URL_JOBDB: "mysql+mysql2://u:p@own/jobs",
    }
    const { DIRACX_DB_URL_JOBDB: _, ...common } = env
    const given = { JobDB: "mysql+mysql2://u:p@given/jobs" }
    expect(jobDb(env, given).host).toBe("given")
    expect(jobDb(env, { AuthDB: given.JobDB }).host).toBe("own")
    expect(jobDb(common).host).toBe("common")
    expect(jobDb(parts).host).toBe("db.example.org")
  })

  it("holds any user, password and name, encoded as RFC 3986 says", () => {
    const printable = String.fromCharCode(...Array.from({ length: 95 }, (_, i) => i + 32))
    const odd = `${printable}é🦊%41%2F+`
    const env = { SPINOR_DB_USER: odd, SPINOR_DB_PASSWORD: odd, SPINOR_DB_NAME: odd }
    expect(jobDb({ ...parts, ...env })).toMatchObject({ user: odd, password: odd, database: odd })
    const { commonDatabaseUrl } = readSettings({ ...parts, SPINOR_DB_PASSWORD: " !'()*+~é" })
    expect(commonDatabaseUrl).toBe(
      "mysql+mysql2://spinor:%20%21%27%28%29%2A%2B~%C3%A9@db.example.org/jobs",
    )
  })

  it("has no password where that is allowed", () => {
    const { SPINOR_DB_PASSWORD: _, ...without } = parts
    const env = { ...without, SPINOR_DB_ALLOW_EMPTY_PASSWORD: "true" }
    expect(jobDb(env)).toMatchObject({ user: "spinor", password: "" })
  })
})

it.each([
  [{ SPINOR_DB_PORT: "70000" }, "SPINOR_DB_PORT is not between 1 and 65535"],
  [{ SPINOR_DB_PORT: "tiger" }, "SPINOR_DB_PORT is not a whole number"],
  [
    { SPINOR_DB_TYPE: "oracle" },
    "SPINOR_DB_TYPE is none of mysql, mariadb, planetscale, postgresql, sqlite",
  ],
  [{ SPINOR_DB_TYPE: "" }, "SPINOR_DB_TYPE is not set, while SPINOR_DB_HOST is"],
  [{ SPINOR_DB_HOST: "" }, "SPINOR_DB_HOST is not set, while SPINOR_DB_TYPE is mysql"],
  [{ SPINOR_DB_HOST: "u:tiger@h" }, "SPINOR_DB_HOST is not the name or address of a host"],
  [{ SPINOR_DB_HOST: "h:3306" }, "SPINOR_DB_HOST is not the name or address of a host"],
  [{ SPINOR_DB_HOST: "h/tiger" }, "SPINOR_DB_HOST is not the name or address of a host"],
  [{ SPINOR_DB_NAME: "" }, "SPINOR_DB_NAME is not set, while SPINOR_DB_TYPE is mysql"],
  [{ SPINOR_DB_USER: "" }, "SPINOR_DB_USER is not set, while SPINOR_DB_TYPE is mysql"],
  [
    { SPINOR_DB_PASSWORD: "" },
    "SPINOR_DB_PASSWORD is empty; SPINOR_DB_ALLOW_EMPTY_PASSWORD=true allows that",
  ],
])("parts with %j are refused in one line, without a secret", (env, line) => {
  const refused = () => readSettings({ ...parts, ...env })
  expect(refused).toThrow(expect.objectContaining({ lines: [line] }))
  expect(line).not.toContain("tiger")
})

describe.each(["mysql", "postgresql"] as const)("the parts of a database on %s", (backend) => {
  it.skipIf(!runsHere(backend))("reach it with a password of any characters", async () => {
    const { url, drop } = await freshDatabaseUrl(backend)
    onTestFinished(drop)
    const server = parseDatabaseUrl(url, "the test's URL")
    const password = "p@ss: w/ö?rd #%41&'\"+"
    const user = `odd_${server.database}`
    const quoted = `'${password.replaceAll("'", "''")}'`
    const administrator = connectSql(() => server)
    const run = async (...statements: string[]) => {
      const engine = await administrator.engineOf("JobDB")
      for (const each of statements) await engine.read((db) => db.run(sql.raw(each)))
    }
    await run(
      ...(backend === "mysql"
        ? [
            `create user ${user}@'%' identified by ${quoted}`,
            `grant all on ${server.database}.* to ${user}@'%'`,
          ]
        : [`create role ${user} login password ${quoted}`]),
    )
    const settings = readSettings({
      SPINOR_DB_TYPE: backend,
      SPINOR_DB_HOST: server.host,
      SPINOR_DB_PORT: String(server.port),
      SPINOR_DB_NAME: server.database,
      SPINOR_DB_USER: user,
      SPINOR_DB_PASSWORD: password,
    })
    const connections = connectSql(databaseUrls(settings, ["JobDB"]).urlOf)
    onTestFinished(async () => {
      await connections.close()
      await run(backend === "mysql" ? `drop user ${user}@'%'` : `drop role ${user}`)
      await administrator.close()
    })
    const engine = await connections.engineOf("JobDB")
    expect(await engine.read((db) => db.run(sql`select 1 as one`))).toEqual([{ one: 1 }])
  })
})
