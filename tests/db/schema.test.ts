import { readFileSync } from "node:fs"
import { sql } from "drizzle-orm"
import { describe, expect, it } from "vitest"
import { systemClock } from "@spinor/core/instant"
import { AuthDB } from "@spinor/db/sql/auth/auth-db"
import { connectSql } from "@spinor/db/sql/connections"
import { DATABASES } from "@spinor/db/sql/declared"
import { readMigrations } from "@spinor/db/sql/migrations/files"
import { migrate } from "@spinor/db/sql/migrations/migrate"
import { ownAdditions } from "@spinor/db/sql/own-additions"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { describeEachBackend, freshDatabaseUrl, runsHere } from "../support/backends.ts"
import { useDatabase } from "../support/database.ts"
import { serverUrl } from "../support/servers.ts"
import { readSchema, type TableSchema } from "./mysql-schema.ts"

const contract: Record<string, Record<string, TableSchema>> = JSON.parse(
  readFileSync(new URL("../vectors/schema-mysql.json", import.meta.url), "utf8"),
)
const recorded = Object.entries(contract).flatMap(([database, tables]) =>
  Object.entries(tables).map(([table, schema]) => ({ database, table, schema })),
)

describe.skipIf(!runsHere("mysql"))("the tables on MariaDB", () => {
  const database = useDatabase("mysql")
  const schema = () =>
    readSchema(serverUrl("mysql") ?? "", parseDatabaseUrl(database.url, "the test's URL").database)

  it.each(recorded)(
    "are those of DiracX: $database.$table",
    async ({ table, schema: expected }) => {
      const { [table]: found } = await schema()
      expect({
        ...found,
        ...notOfTheMonth(found),
        indexes: inOrder(found?.indexes.filter(({ name }) => !name.startsWith("spinor_"))),
      }).toEqual({
        ...expected,
        ...notOfTheMonth(expected),
        indexes: inOrder(expected.indexes),
      })
    },
  )

  it("have no more than is listed as ours", async () => {
    const tables = await schema()
    const theirs = new Set(recorded.map(({ table }) => table))
    expect(
      Object.keys(tables)
        .filter((table) => !theirs.has(table))
        .toSorted(),
    ).toEqual(ownAdditions.tables.toSorted())
    const indexes = Object.entries(tables)
      .filter(([table]) => theirs.has(table))
      .flatMap(([table, { indexes }]) => indexes.map(({ name }) => `${table}.${name}`))
      .filter((index) => index.includes(".spinor_"))
    expect(indexes.toSorted()).toEqual(ownAdditions.indexes.toSorted())
  })

  it("hold UUIDs in the native type, or in the characters that MySQL 8 has", async () => {
    const jti = "0197a4e2-7b52-7c3d-9c4e-0123456789ab"
    const token = { jti, sub: "testvo:sub", scope: "vo:testvo" }
    const store = () =>
      database.sql.write({ auth: AuthDB }, async ({ auth }) => {
        await auth.insertRefreshToken(token)
        return await auth.refreshToken(jti)
      })
    expect(await store()).toMatchObject(token)
    const engine = await database.engineOf("AuthDB")
    await engine.read(async (queries) => {
      await queries.run(sql`delete from RefreshTokens`)
      await queries.run(sql`alter table RefreshTokens modify JTI char(32) not null`)
    })
    expect(await store()).toMatchObject(token)
    const [row] = await engine.read((queries) => queries.run(sql`select JTI from RefreshTokens`))
    expect(row).toEqual({ JTI: jti.replaceAll("-", "") })
  })
})

/** The first partition depends on the day; `auth-upkeep.test.ts` looks at it. */
const notOfTheMonth = (schema: TableSchema | undefined): Partial<TableSchema> =>
  schema?.partitioning
    ? { partitioning: { ...schema.partitioning, first: "", firstLessThan: "" } }
    : {}

const inOrder = (indexes: TableSchema["indexes"] = []) =>
  indexes.toSorted((a, b) => (a.name < b.name ? -1 : 1))

describeEachBackend("migration", (backend) => {
  /** An empty database, and a way to connect to it as one process does. */
  const withEmpty = async (
    work: (connect: () => ReturnType<typeof connectSql>) => Promise<void>,
  ) => {
    const { url, drop } = await freshDatabaseUrl(backend)
    const opened: ReturnType<typeof connectSql>[] = []
    try {
      await work(() => {
        const connections = connectSql(() => parseDatabaseUrl(url, "the test's URL"))
        opened.push(connections)
        return connections
      })
    } finally {
      for (const connections of opened) await connections.close()
      await drop()
    }
  }
  const migrateWith = async (connections: ReturnType<typeof connectSql>) =>
    await migrate(await connections.engineOf("JobDB"), DATABASES, systemClock)

  it("changes nothing the second time", async () => {
    await withEmpty(async (connect) => {
      const applied = await migrateWith(connect())
      expect(applied.map(({ outcome }) => outcome)).toEqual(applied.map(() => "applied"))
      expect(new Set(applied.map(({ database }) => database))).toEqual(new Set(DATABASES))
      expect(await migrateWith(connect())).toEqual([])
    })
  })

  it("is done once when several processes start together", async () => {
    await withEmpty(async (connect) => {
      const results = await Promise.all([connect(), connect(), connect()].map(migrateWith))
      const all = results.flat().map(({ database, name }) => `${database}/${name}`)
      expect(all.length).toBeGreaterThan(DATABASES.length)
      expect(new Set(all).size).toBe(all.length)
    })
  })

  it("adopts tables that DiracX has made, with their rows", async () => {
    await withEmpty(async (connect) => {
      const connections = connect()
      const engine = await connections.engineOf("JobDB")
      const baseline = []
      for (const database of DATABASES) {
        const steps = await readMigrations(engine.dialect.name, database)
        baseline.push(...steps.filter(({ name }) => name.startsWith("0000")))
      }
      const fits = baseline.filter(({ only }) => only === undefined)
      await engine.transaction(async (queries) => {
        for (const { statements } of fits) {
          for (const statement of statements) await queries.run(sql.raw(statement))
        }
      })
      const token = { jti: "0197a4e2-7b52-7c3d-9c4e-0123456789ab", sub: "s", scope: "vo:testvo" }
      await connections.sql.write({ auth: AuthDB }, ({ auth }) => auth.insertRefreshToken(token))

      const results = await migrateWith(connections)
      const adopted = results.filter(({ outcome }) => outcome === "adopted")
      expect(adopted.map(({ database }) => database)).toEqual(
        expect.arrayContaining([...DATABASES]),
      )
      expect(results.filter(({ name }) => !name.startsWith("0000"))).not.toEqual([])
      expect(
        results.every(({ name, outcome }) => name.startsWith("0000") === (outcome === "adopted")),
      ).toBe(true)
      const found = await connections.sql.read({ auth: AuthDB }, ({ auth }) =>
        auth.refreshToken(token.jti),
      )
      expect(found).toMatchObject(token)
    })
  })

  it("refuses a database that holds a part of its tables", async () => {
    await withEmpty(async (connect) => {
      const connections = connect()
      const engine = await connections.engineOf("JobDB")
      const [first] = await readMigrations(engine.dialect.name, "JobDB")
      await engine.transaction((queries) => queries.run(sql.raw(first?.statements[0] ?? "")))
      await expect(migrateWith(connections)).rejects.toThrow(/holds some of its tables, but lacks/)
    })
  })
})
