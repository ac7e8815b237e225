import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { expect, it, onTestFinished } from "vitest"
import { commitConfig, initConfig } from "@spinor/core/config/commit"
import { configSource } from "@spinor/core/config/sources"
import { noDatabases } from "../../support/no-databases.ts"
import { alice, configuration, serviceOn, testClock } from "../../support/service.ts"

const ETAG = "0123456789abcdef0123456789abcdef01234567"
const MODIFIED = "Sun, 01 Nov 2026 12:00:00 GMT"

const get = (headers: Record<string, string> = {}) =>
  serviceOn(noDatabases).call("GET", "/api/config/", { as: alice, headers })

it("serves the configuration with DiracX's defaults and caching headers", async () => {
  const { status, body, headers } = await get()
  expect(status).toBe(200)
  expect(body.Registry.testvo.DefaultGroup).toBe("user")
  expect(body.Operations.testvo.JobDescription.DefaultCPUTime).toBe(86_400)
  expect(headers.get("etag")).toBe(ETAG)
  expect(headers.get("last-modified")).toBe(MODIFIED)
  expect(headers.get("content-type")).toBe("application/json")
})

it.each([
  ["the tag as it was sent", { "if-none-match": ETAG }, 304],
  ["the tag in quotes", { "if-none-match": `"${ETAG}"` }, 304],
  ["a weak tag in a list", { "if-none-match": `"other", W/"${ETAG}"` }, 304],
  ["another tag", { "if-none-match": "other" }, 200],
  ["the time of the change", { "if-modified-since": MODIFIED }, 304],
  ["a later time", { "if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT" }, 304],
  ["an earlier time", { "if-modified-since": "Sun, 01 Nov 2026 11:59:59 GMT" }, 200],
  ["no time", { "if-modified-since": "yesterday" }, 200],
  [
    "another tag and a later time",
    { "if-none-match": "x", "if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT" },
    304,
  ],
])("answers %s with the right status", async (_, headers, status) => {
  const answer = await get(headers)
  expect(answer.status).toBe(status)
  expect(answer.headers.get("etag")).toBe(ETAG)
  expect(answer.headers.get("last-modified")).toBe(MODIFIED)
  if (status === 304) expect(answer.body).toBe("")
})

it("shows a new commit within five seconds, and never a 503 for a cold cache", async () => {
  const folder = await mkdtemp(join(tmpdir(), "spinor-config-"))
  onTestFinished(() => rm(folder, { recursive: true }))
  const clock = testClock()
  await initConfig(folder, JSON.stringify(configuration), { message: "one", clock })
  const url = `git+${pathToFileURL(folder).href}`
  const config = configSource(url, { clock, onProblem: () => undefined })
  const service = serviceOn(noDatabases, { config, clock })
  const first = await service.call("GET", "/api/config/", { as: alice })
  expect(first.status).toBe(200)
  const edit = { message: "two", clock }
  const commit = await commitConfig(folder, (yaml) => yaml.setIn(["LogLevel"], "DEBUG"), edit)
  clock.advance(5)
  const second = await service.call("GET", "/api/config/", { as: alice })
  expect(second.headers.get("etag")).toBe(commit)
  expect(second.body.LogLevel).toBe("DEBUG")
})

it("is unavailable while the file cannot be read, and there as soon as it can", async () => {
  const folder = await mkdtemp(join(tmpdir(), "spinor-config-"))
  onTestFinished(() => rm(folder, { recursive: true }))
  const clock = testClock()
  const problems: unknown[] = []
  const url = pathToFileURL(join(folder, "default.yml")).href
  const config = configSource(url, { clock, onProblem: (error) => problems.push(error) })
  const service = serviceOn(noDatabases, { config, clock })
  const answer = await service.call("GET", "/api/health/live")
  expect(answer.status).toBe(503)
  expect(answer.headers.get("retry-after")).toBe("10")
  expect(problems).toHaveLength(1)
  await writeFile(join(folder, "default.yml"), JSON.stringify(configuration))
  clock.advance(5)
  expect((await service.call("GET", "/api/health/live")).status).toBe(200)
})
