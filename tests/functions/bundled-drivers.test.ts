import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type * as Engines from "@spinor/db/sql/open-engine"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { bundle, type Driver } from "../../functions/bundle/bundle.ts"
import { freshDatabaseUrl, runsHere, type FreshDatabase } from "../support/backends.ts"

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "spinor-drivers-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function bundledEngines(driver: Driver): Promise<typeof Engines> {
  const output = join(folder, driver)
  await bundle({ entry: "packages/db/src/sql/open-engine.ts", folder: output, driver })
  return await import(pathToFileURL(join(output, "open-engine.mjs")).href)
}

describe("a function", () => {
  it("says which driver it was built for when it is asked for another one", async () => {
    const { openEngine } = await bundledEngines("postgres")
    const url = parseDatabaseUrl("mysql+aiomysql://u:secret@127.0.0.1:1/jobs", "SPINOR_DB_URL")
    await expect(openEngine(url)).rejects.toThrow(
      expect.objectContaining({
        name: "DriverError",
        message: "This function was built for postgres and cannot load mysql2",
      }),
    )
  })
})

describe.skipIf(!runsHere("mysql"))("mysql2 in a function", () => {
  let database: FreshDatabase
  beforeAll(async () => {
    database = await freshDatabaseUrl("mysql")
  })
  afterAll(() => database.drop())

  it("keeps text whole, whatever the encoding of its column", async () => {
    const { openEngine } = await bundledEngines("mysql2")
    const engine = await openEngine(parseDatabaseUrl(database.url, "the test's URL"))
    const texts = {
      utf8mb4: "Grüße, 東京, Ωμέγα, 💥👩‍🚀",
      utf8mb3: "Grüße, 東京, Ωμέγα",
      ucs2: "Grüße, 東京, Ωμέγα",
      utf16: "Grüße, 東京, 💥",
      latin1: "Grüße, €",
      latin2: "žluťoučký kůň",
      cp1251: "Привет",
      sjis: "東京",
      gbk: "東京",
      big5: "東京",
      euckr: "한국",
    }
    const columns = Object.keys(texts).map((name) => `${name} text character set ${name}`)
    const table = sql.raw(`texts (${Object.keys(texts).join()})`)
    const values = sql.join(
      Object.values(texts).map((text) => sql`${text}`),
      sql`, `,
    )
    try {
      const rows = await engine.transaction(async (queries) => {
        await queries.run(sql.raw(`create table texts (${columns.join()})`))
        await queries.run(sql`insert into ${table} values (${values})`)
        return await queries.run(sql`select * from texts where utf8mb4 = ${texts.utf8mb4}`)
      })
      expect(rows).toEqual([texts])
      const failed = engine.read((queries) => queries.run(sql.raw("select `Grüße` from texts")))
      await expect(failed).rejects.toMatchObject({
        cause: { code: "ER_BAD_FIELD_ERROR", message: expect.stringContaining("Grüße") },
      })
    } finally {
      await engine.close()
    }
  })
})

describe.each(["planetscale", "libsql-http"] as const)("%s in a function", (driver) => {
  const backend = driver === "libsql-http" ? "libsql" : driver

  it.skipIf(!runsHere(backend))("needs no native code and no connection", async () => {
    const { openEngine } = await bundledEngines(driver)
    const database = await freshDatabaseUrl(backend)
    const engine = await openEngine(parseDatabaseUrl(database.url, "the test's URL"))
    try {
      const rows = await engine.transaction(async (queries) => {
        await queries.run(sql`create table texts (id int primary key, text varchar(20))`)
        await queries.run(sql`insert into texts values (1, ${"Grüße, 東京 💥"})`)
        return await queries.run(sql`select text from texts`)
      })
      expect(rows).toEqual([{ text: "Grüße, 東京 💥" }])
    } finally {
      await engine.close()
      await database.drop()
    }
  })
})
