import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { systemClock } from "@spinor/core/instant"
import { connectSql } from "@spinor/db/sql/connections"
import { DATABASES } from "@spinor/db/sql/declared"
import { migrate, type MigrationResult } from "@spinor/db/sql/migrations/migrate"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { freshDatabaseUrl, runsHere } from "../support/backends.ts"
import { usePythonPrograms } from "../support/python.ts"
import { runProgram } from "../support/run-program.ts"
import { alice, pilot, serviceOn } from "../support/service.ts"

const { bin, skipWithout } = usePythonPrograms(
  "DiracX's databases",
  join(import.meta.dirname, "diracx-tables.txt"),
)

const MINUTES = 60_000

const DIFFERENCES = {
  mysql: [],
  sqlite: ["SiteLog", "SiteHistory", "ResourceLog", "ResourceHistory"].map(
    (table) => `${table}.ID does not count by itself`,
  ),
}

describe.each(["sqlite", "mysql"] as const)("tables that DiracX 0.7.0 made on %s", (backend) => {
  it.skipIf(!runsHere(backend))(
    "are adopted as they are, and the service works with them",
    { timeout: 2 * MINUTES },
    async (test) => {
      skipWithout(test)
      const urls = new Map<string, string>()
      for (const name of DATABASES) {
        const { url, drop } = await freshDatabaseUrl(backend)
        onTestFinished(drop)
        urls.set(name, url)
      }
      await runProgram(join(bin, "python"), ["-m", "diracx.db", "init-sql"], {
        env: Object.fromEntries(
          [...urls].map(([name, url]) => [`DIRACX_DB_URL_${name.toUpperCase()}`, url]),
        ),
      })
      const connections = connectSql((name) =>
        parseDatabaseUrl(urls.get(name) ?? "", "the test's URL"),
      )
      onTestFinished(() => connections.close())

      const results: MigrationResult[] = []
      for (const name of DATABASES) {
        results.push(...(await migrate(await connections.engineOf(name), [name], systemClock)))
      }
      const adopted = results.filter(({ name }) => name.startsWith("0000"))
      expect(new Set(adopted.map(({ outcome }) => outcome))).toEqual(new Set(["adopted"]))
      expect(adopted.flatMap(({ differences }) => differences)).toEqual(DIFFERENCES[backend])

      const { call } = serviceOn(connections.sql)
      const body = ['Executable = "run.sh"; JobName = "adopted 🦊";']
      const submitted = await call("POST", "/api/jobs/jdl", { as: alice, body })
      expect(submitted.status).toBe(201)
      const { JobID: jobId } = submitted.body[0]
      const beat = await call("PATCH", "/api/jobs/heartbeat", {
        as: pilot,
        body: { [jobId]: { LoadAverage: 1.5 } },
      })
      expect(beat.status).toBe(200)
      const again = { as: alice, body: { job_ids: [jobId] } }
      expect((await call("POST", "/api/jobs/reschedule", again)).status).toBe(200)
      const search = [{ parameter: "JobName", operator: "eq", value: "adopted 🦊" }]
      const found = await call("POST", "/api/jobs/search", { as: alice, body: { search } })
      expect(found.body).toMatchObject([{ JobID: jobId, Status: "Received", RescheduleCounter: 1 }])
    },
  )
})
