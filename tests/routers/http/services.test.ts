import { expect, it } from "vitest"
import { readSettings } from "@spinor/core/settings/settings"
import { createApp } from "@spinor/routers/app"
import { json } from "@spinor/routers/http/answers"
import { openOperation } from "@spinor/routers/operation"
import { useDatabase } from "../../support/database.ts"
import { alice, serviceOn, settings } from "../../support/service.ts"

const database = useDatabase("sqlite")
const without = (...services: string[]) =>
  serviceOn(database.sql, { settings: { ...settings, disabledServices: new Set(services) } })

it("has no operation of a service that is switched off", async () => {
  const { call } = without("jobs", "health")
  const missing = { as: alice, isDocumented: false }
  expect(await call("POST", "/api/jobs/search", missing)).toMatchObject({
    status: 404,
    body: { detail: "Not Found" },
  })
  expect((await call("GET", "/api/health/live")).status).toBe(404)
  expect((await call("GET", "/api/config/", { as: alice })).status).toBe(200)
})

it("loads what lies below an extension's path by the request, and not by the first one", async () => {
  const answering = (path: string) =>
    openOperation(
      { method: "get", path, operationId: path, tags: ["more"], responses: { 200: {} } },
      () => json(path),
    )
  const service = (below: string, ...paths: string[]) => ({
    below,
    load: async () => paths.map(answering),
  })
  const app = createApp(serviceOn(database.sql).deps, {
    services: [
      service("/api", "/api/more"),
      service("/api/a", "/api/a/x"),
      service("/api/b", "/api/b/x"),
    ],
  })
  for (const path of ["/api/more", "/api/a/x", "/api/b/x", "/api/a/x"]) {
    expect(await (await app.request(path)).json()).toBe(path)
  }
})

it("describes the services that are on", async () => {
  const { body } = await without("jobs").call("GET", "/api/openapi.json")
  const paths = Object.keys(body.paths)
  expect(paths.filter((path) => path.startsWith("/api/jobs"))).toEqual([])
  expect(paths).toContain("/api/pilots/search")
})

it.each([
  ["DIRACX_SERVICE_JOBS_ENABLED", "false", ["jobs"]],
  ["DIRACX_SERVICE_RSS_ENABLED", "0", ["rss"]],
  ["DIRACX_SERVICE_RSS_ENABLED", "true", []],
  ["DIRACX_SERVICE_RSS_ENABLED", "", []],
])("reads %s=%s", (name, value, disabled) => {
  expect([...readSettings({ [name]: value }).disabledServices]).toEqual(disabled)
})
