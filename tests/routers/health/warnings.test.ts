import { expect, it } from "vitest"
import { useDatabase } from "../../support/database.ts"
import { fixedConfig, serviceOn } from "../../support/service.ts"

const database = useDatabase("sqlite")

it("is ready while an older configuration is served, and says so", async () => {
  const problem = "The source of the configuration cannot be read: revision 01234567 is served"
  const config = { ...fixedConfig(), problem: () => problem }
  const { call } = serviceOn(database.sql, { config })
  const answer = await call("GET", "/api/health/ready")
  expect(answer).toMatchObject({ status: 200, body: { status: "ready", warnings: [problem] } })
  const healthy = serviceOn(database.sql, { config: { ...config, problem: () => undefined } })
  expect((await healthy.call("GET", "/api/health/ready")).body).toEqual({ status: "ready" })
  expect((await call("GET", "/api/health/live")).body).toEqual({ status: "live" })
})

it("is ready while the store of sandboxes cannot be used, and says why", async () => {
  const problem = "The sandbox store has no such bucket"
  const { deps } = serviceOn(database.sql)
  const sandboxStore = { ...deps.sandboxStore, problem: async () => problem }
  const { call } = serviceOn(database.sql, { sandboxStore })
  expect((await call("GET", "/api/health/ready")).body).toEqual({
    status: "ready",
    warnings: [problem],
  })
})
