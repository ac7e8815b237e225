import { describe, expect, it } from "vitest"
import type { Queries } from "@spinor/db/sql/queries"
import { DATABASES } from "@spinor/db/sql/declared"
import type { Engine } from "@spinor/db/sql/engine"
import { readMigrations } from "@spinor/db/sql/migrations/files"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { runsHere } from "../../support/backends.ts"
import { serverUrl } from "../../support/servers.ts"
import { readSchema } from "../mysql-schema.ts"
import { emptyDatabase, migrateAll } from "./empty-database.ts"

class Interruption extends Error {}

/** An engine that is lost once after each statement on which it is to be lost. */
function lostAfter(engine: Engine, isLast: (statement: string) => boolean): Engine {
  const seen = new Set<string>()
  const read: Engine["read"] = (work) =>
    engine.read((db) => {
      const run: Queries["run"] = async (statement) => {
        const rows = await db.run(statement)
        const text = JSON.stringify(statement.queryChunks)
        if (isLast(text) && !seen.has(text)) {
          seen.add(text)
          throw new Interruption()
        }
        return rows
      }
      return work({ ...db, run })
    })
  return { ...engine, read }
}

const changesTables = (statement: string) => /\["(create|alter) /i.test(statement)

async function countStatements(): Promise<number> {
  const all = DATABASES.map((database) => readMigrations("mysql", database, "mariadb"))
  return (await Promise.all(all)).flat().flatMap(({ statements }) => statements).length
}

describe.skipIf(!runsHere("mysql")).each(["mysql", "planetscale"] as const)(
  "a migration on %s, where nothing rolls back",
  (backend) => {
    const schemaOf = (url: string) =>
      readSchema(serverUrl("mysql") ?? "", parseDatabaseUrl(url, "the test's URL").database)

    it.each([
      ["after each change, before that is recorded", changesTables],
      [
        "after each change that is recorded",
        (text: string) => /"(update|insert into) spinor_migr/.test(text),
      ],
    ])("goes on when it is interrupted %s", { timeout: 60_000 }, async (_, isLast) => {
      const whole = await emptyDatabase("mysql")
      await migrateAll(whole.engine)

      const { engine, url } = await emptyDatabase(backend)
      const broken = lostAfter(engine, isLast)
      let interruptions = 0
      const untilDone = async (): Promise<void> => {
        try {
          await migrateAll(broken)
        } catch (error) {
          if (!(error instanceof Interruption)) throw error
          interruptions++
          return await untilDone()
        }
      }
      await untilDone()
      expect(interruptions).toBeGreaterThan(await countStatements())
      expect(await schemaOf(url)).toEqual(await schemaOf(whole.url))
      expect(await migrateAll(engine)).toEqual([])
    })
  },
)
