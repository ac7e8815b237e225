import { afterAll, beforeAll } from "vitest"
import { systemClock } from "@spinor/core/instant"
import { connectSql, type SqlConnections } from "@spinor/db/sql/connections"
import { DATABASES } from "@spinor/db/sql/declared"
import type { EngineOptions } from "@spinor/db/sql/engine"
import { migrate } from "@spinor/db/sql/migrations/migrate"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { freshDatabaseUrl, type Backend } from "./backends.ts"

export interface TestDatabase extends SqlConnections {
  readonly url: string
}

/** Makes an empty database with the tables of every logical database in it. */
export async function openDatabase(
  backend: Backend,
  more: Partial<EngineOptions> = {},
): Promise<TestDatabase & { drop(): Promise<void> }> {
  const { url, drop } = await freshDatabaseUrl(backend)
  const parsed = parseDatabaseUrl(url, "the test's URL")
  const connections = connectSql(() => parsed, more)
  await migrate(await connections.engineOf("JobDB"), DATABASES, systemClock)
  return {
    ...connections,
    url,
    drop: async () => {
      await connections.close()
      await drop()
    },
  }
}

/** One database for all tests of a suite, which use rows of their own. */
export function useDatabase(backend: Backend, more: Partial<EngineOptions> = {}): TestDatabase {
  let opened: Awaited<ReturnType<typeof openDatabase>> | undefined
  beforeAll(async () => {
    opened = await openDatabase(backend, more)
  })
  afterAll(() => opened?.drop())
  const now = () => {
    if (opened === undefined) throw new Error("The database is used outside of a test")
    return opened
  }
  return {
    get url() {
      return now().url
    },
    get sql() {
      return now().sql
    },
    engineOf: (name) => now().engineOf(name),
    byEngine: (names) => now().byEngine(names),
    close: () => now().close(),
  }
}
