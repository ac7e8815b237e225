import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type * as Engines from "@spinor/db/sql/open-engine"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { bundle } from "../../functions/bundle/bundle.ts"
import { freshDatabaseUrl, runsHere, type FreshDatabase } from "../support/backends.ts"

describe.skipIf(!runsHere("mysql"))("mysql2 in a function", () => {
  let database: FreshDatabase
  let folder: string
  beforeAll(async () => {
    database = await freshDatabaseUrl("mysql")
    folder = await mkdtemp(join(tmpdir(), "spinor-encodings-"))
  })
  afterAll(async () => {
    await database.drop()
    await rm(folder, { recursive: true, force: true })
  })

  it("keeps text whole, whatever the encoding of its column", async () => {
    const entry = "packages/db/src/sql/open-engine.ts"
    await bundle({ entry, folder, driver: "mysql2" })
    const { openEngine }: typeof Engines = await import(
      pathToFileURL(join(folder, "open-engine.mjs")).href
    )
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
        code: "ER_BAD_FIELD_ERROR",
        message: expect.stringContaining("Grüße"),
      })
    } finally {
      await engine.close()
    }
  })
})
