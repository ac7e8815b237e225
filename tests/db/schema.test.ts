import { readFileSync } from "node:fs"
import { sql } from "drizzle-orm"
import { describe, expect, it } from "vitest"
import { AuthDB } from "@spinor/db/sql/auth/auth-db"
import { ownAdditions } from "@spinor/db/sql/own-additions"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { runsHere } from "../support/backends.ts"
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
