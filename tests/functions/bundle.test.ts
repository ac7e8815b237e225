import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type * as Sources from "@spinor/core/config/sources"
import { initConfig } from "@spinor/core/config/commit"
import { readRevision } from "@spinor/core/config/sources"
import { systemClock } from "@spinor/core/instant"
import { bundle, type Bundled } from "../../functions/bundle/bundle.ts"

/** Of the code with which a function starts and asks its database, in bytes. */
const LIMITS = { mysql2: 900_000, postgres: 600_000, planetscale: 600_000, "libsql-http": 600_000 }
const PACKAGES = {
  mysql2: "mysql2",
  postgres: "postgres",
  planetscale: "@planetscale",
  "libsql-http": "@libsql",
}
const DRIVERS = Object.keys(LIMITS) as (keyof typeof LIMITS)[]

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "spinor-bundle-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.each(DRIVERS)("the function with %s", (driver) => {
  let files: Bundled
  beforeAll(async () => {
    files = await bundle({
      entry: "functions/api.ts",
      folder: join(folder, driver),
      driver,
    })
  })

  const inputs = (names: string[]) =>
    names.flatMap((name) => Object.keys(files[name]?.inputs ?? {}))
  /** The names of the files that are loaded with a module. */
  const loadedWith = (module: string): string[] => {
    const entry = Object.keys(files).find((name) => files[name]?.entryPoint === module)
    const imports = (name: string): string[] => [
      name,
      ...(files[name]?.imports ?? [])
        .filter(({ kind, external }) => kind === "import-statement" && external !== true)
        .flatMap(({ path }) => imports(path)),
    ]
    return [...new Set(imports(entry ?? ""))]
  }
  const loadedAtStart = () => loadedWith("functions/api.ts")

  const bytesOf = (names: Iterable<string>) =>
    [...new Set(names)].reduce((sum, name) => sum + (files[name]?.bytes ?? 0), 0)

  it("starts with less than 300 kB, and asks its database with a few more", () => {
    const operations = loadedWith("packages/routers/src/database-operations.ts")
    const carried = loadedWith(`packages/db/src/sql/drivers/${driver}.ts`)
    expect(bytesOf(loadedAtStart())).toBeLessThan(300_000)
    const all = bytesOf([...loadedAtStart(), ...operations, ...carried])
    expect(all).toBeLessThan(LIMITS[driver])
    expect(all).toBeGreaterThan(300_000)
  })

  it("is laid down without anything else", async () => {
    expect((await readdir(join(folder, driver))).toSorted()).toEqual(
      Object.keys(files)
        .map((name) => name.replace(/^.*\//, ""))
        .toSorted(),
    )
  })

  it("carries no other driver, no language of zod's but English, no page of the reference", () => {
    const carried = inputs(Object.keys(files))
    const drivers = carried.flatMap(
      (path) => /node_modules\/(mysql2|postgres|@planetscale|@libsql)\//.exec(path)?.[1] ?? [],
    )
    expect([...new Set(drivers)]).toEqual([PACKAGES[driver]])
    expect(
      carried.filter((path) =>
        /node_modules\/swagger-ui-dist\/|zod\/.*\/locales\/(?!en\.)/.test(path),
      ),
    ).toEqual([])
  })

  it("starts without drivers, OpenSearch, YAML, git, the OpenID client, telemetry and its own description", () => {
    const started = inputs(loadedAtStart())
    expect(started).toContain("packages/routers/src/app.ts")
    expect(
      started.filter((path) =>
        /node_modules\/(mysql2|postgres|@planetscale|@libsql|yaml|isomorphic-git|oauth4webapi|aws4fetch|@opentelemetry|@grpc|@opensearch-project)\/|openapi\.json$/.test(
          path,
        ),
      ),
    ).toEqual([])
  })
})

describe("the configuration in a bundle", () => {
  const text = `DIRAC: { NoSetup: off }
Registry:
  testvo: &vo
    IdP: { URL: "https://idp.example.org", ClientID: spinor }
    DefaultGroup: user
    Users: { sub-ü: { PreferedUsername: "ü 💥" } }
    Groups: { user: { Properties: [NormalUser], Users: [sub-ü], JobShare: 1_000 } }
  othervo: { <<: *vo, DefaultGroup: user }
Operations:
  Defaults:
    EnableSecurityLogging: yes
    JobDescription: { MaxCPUTime: 12:30:00, MinPriority: 017, DefaultPriority: 0x1F }
    Cloud: { when: 2026-11-01, at: 2026-11-01 12:00:00.5 +01:00, bytes: !!binary aGk=, none: ~ }
`

  it.each(["file", "git+file"])("is read from %s as by the sources", async (scheme) => {
    const output = join(folder, `sources-${scheme}`)
    await bundle({ entry: "packages/core/src/config/sources.ts", folder: output, driver: "mysql2" })
    const bundled: typeof Sources = await import(pathToFileURL(join(output, "sources.mjs")).href)
    const place = join(folder, `config-${scheme}`)
    if (scheme === "file") await writeFile(place, text)
    else await initConfig(place, text, { message: "Begin", clock: systemClock })
    const url = `${scheme}://${place}`
    expect(await bundled.readRevision(url)).toEqual(await readRevision(url))
  })
})
