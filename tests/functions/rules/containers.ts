import { afterAll, beforeAll, onTestFinished } from "vitest"
import { connectSql, type SqlConnections } from "@spinor/db/sql/connections"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { freshDatabaseUrl, type FreshDatabase } from "../../support/backends.ts"
import { DRIVERS, useDeployment } from "../../support/lambda/deployment.ts"
import { startGateway } from "../../support/lambda/gateway.ts"
import type { Caller } from "../../support/service.ts"
import { send } from "../artifact/send.ts"

interface ApiOptions {
  /** Where the function finds the database, if not where it is. */
  readonly url?: string
  /** How many there are at most; one unless told. */
  readonly containers?: number
  readonly timeoutMs?: number
}

/** Submits jobs, and changes them. */
const CALLER: Caller = { properties: ["NormalUser", "JobAdministrator"] }

/** A deployment with a database of the suite's own. */
export function useContainers(backend: keyof typeof DRIVERS) {
  const deployment = useDeployment(DRIVERS[backend])
  let opened: { database: FreshDatabase; connections: SqlConnections } | undefined
  const now = () => {
    if (opened === undefined) throw new Error("The database is used outside of a test")
    return opened
  }
  beforeAll(async () => {
    const database = await freshDatabaseUrl(backend)
    const url = parseDatabaseUrl(database.url, "the test's URL")
    opened = { database, connections: connectSql(() => url) }
    await (await deployment.start("migrate", { SPINOR_DB_URL: database.url })).invoke({})
  })
  afterAll(async () => {
    await opened?.connections.close()
    await opened?.database.drop()
  })
  return {
    get url() {
      return now().database.url
    },
    get sql() {
      return now().connections.sql
    },
    /** Gives what asks the API; its containers start with the requests. */
    api: async ({ url = now().database.url, containers = 1, timeoutMs }: ApiOptions = {}) => {
      const options = timeoutMs === undefined ? {} : { timeoutMs }
      const start = () => deployment.start("api", { SPINOR_DB_URL: url }, options)
      const gateway = await startGateway(start, { containers })
      onTestFinished(gateway.stop)
      return async (method: string, path: string, body: unknown, more = {}) => {
        const headers = {
          authorization: `Bearer ${deployment.tokenFor(CALLER)}`,
          "content-type": "application/json",
          ...more,
        }
        return await send(gateway.url, path, { method, headers, body: JSON.stringify(body) })
      }
    },
  }
}
