import { sql } from "drizzle-orm"
import { onTestFinished } from "vitest"
import { systemClock } from "@spinor/core/instant"
import { copyDatabases, type CopyOptions } from "@spinor/db/sql/copy/copy"
import { DATABASES } from "@spinor/db/sql/declared"
import type { Engine } from "@spinor/db/sql/engine"
import type { Backend } from "../support/backends.ts"
import { openDatabase } from "../support/database.ts"

export type Place = Awaited<ReturnType<typeof place>>

/** An empty database with all tables, which goes with the test. */
export async function place(backend: Backend) {
  const database = await openDatabase(backend)
  onTestFinished(() => database.drop())
  return { database, engine: await database.engineOf("JobDB"), place: `${backend} of this test` }
}

export const copy = (from: Place, to: Place, more: Partial<CopyOptions> = {}) =>
  copyDatabases(from, to, {
    databases: DATABASES,
    cutFractions: false,
    intoExisting: false,
    now: systemClock,
    signal: new AbortController().signal,
    onLeftBehind: () => undefined,
    onFractions: () => undefined,
    onProgress: () => undefined,
    ...more,
  })

export const run = (engine: Engine, statement: string) =>
  engine.transaction((db) => db.run(sql.raw(statement)))

export const countOf = async ({ engine }: Place, table: string) =>
  Number((await run(engine, `select count(*) as n from ${quoted(engine, table)}`))[0]?.["n"])

export const quoted = ({ dialect }: Engine, name: string) =>
  dialect.name === "mysql" ? name : `"${name}"`
