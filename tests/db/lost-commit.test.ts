import { describe, expect, it, onTestFinished } from "vitest"
import { connectSql } from "@spinor/db/sql/connections"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { runsHere } from "../support/backends.ts"
import { useDatabase } from "../support/database.ts"
import type { Server } from "../support/servers.ts"
import { alice, serviceOn } from "../support/service.ts"
import { startDatabaseProxy } from "../support/tcp-proxy.ts"
import { expectUnavailable } from "../support/unavailable.ts"

const SERVERS: Server[] = ["mysql", "postgresql"]

describe.each(SERVERS.filter(runsHere))(
  "a connection to %s that is lost with a commit",
  (backend) => {
    const database = useDatabase(backend)
    const commit = { mysql: "COMMIT", postgresql: "commit" }[backend]

    it.each([
      ["unheard", 0],
      ["unanswered", 1],
    ] as const)("is told by a submission, which is not repeated: %s", async (loss, stored) => {
      const { proxy, url } = await startDatabaseProxy(database.url)
      const connections = connectSql(() => parseDatabaseUrl(url, "the test's URL"), {
        poolSize: 4,
        connectTimeout: 2000,
      })
      onTestFinished(async () => {
        await connections.close()
        await proxy.cut()
      })
      proxy.loseAt(commit, loss)
      const body = [`JobName = "${loss}"`]
      const { call } = serviceOn(connections.sql)
      expectUnavailable(await call("POST", "/api/jobs/jdl", { as: alice, body }))
      const search = [{ parameter: "JobName", operator: "eq", value: loss }]
      const found = await call("POST", "/api/jobs/search", { as: alice, body: { search } })
      expect(found).toMatchObject({ status: 200 })
      expect(found.body).toHaveLength(stored)
    })
  },
)
