import { describe, expect, it } from "vitest"
import { openSearchRunsHere, openSearchUrl } from "../support/opensearch.ts"
import { installation, linesAt, openSearch, registerPilot } from "./installation.ts"
import { terminal } from "./terminal.ts"

const DATABASES = ["JobParametersDB", "PilotParametersDB", "PilotLogsDB"]

describe.skipIf(!openSearchRunsHere())("os on OpenSearch", () => {
  it("status tells that templates are missing, migrate puts them, status is content", async () => {
    const { os } = await installation()
    const missing = await os("status")
    expect(missing).toMatchObject({
      code: 1,
      err: `error: not our template: ${DATABASES.join(", ")}; run spinor os migrate\n`,
    })
    const place = `${openSearchUrl()}/`
    expect(missing.out).toMatch(/^database +place +template +kept +index +documents +size\n/)
    expect(missing.out).toMatch(
      new RegExp(`^JobParametersDB +${place} +missing +for ever +none yet +0$`, "m"),
    )
    expect(missing.out).toMatch(/\n\nNothing waits for OpenSearch\.\n$/)

    const rows = (template: string) =>
      DATABASES.map((database) => ({ database, place, template, error: null }))
    const { code, out, err } = await os("migrate")
    expect({ code, err }).toEqual({ code: 0, err: "" })
    expect(out.trimEnd().split("\n")).toEqual(
      DATABASES.map((name) =>
        expect.stringMatching(new RegExp(`^${name} +${place} +template created$`)),
      ),
    )
    expect(JSON.parse((await os("migrate --json")).out)).toEqual(rows("unchanged"))
    expect(await os("status")).toMatchObject({ code: 0, err: "" })
  })

  it("migrate replaces a template that somebody changed, and keeps what was added to it", async () => {
    const { os, prefix } = await installation()
    await os("migrate")
    const name = `_index_template/${prefix}job_parameters`
    const { index_templates } = await openSearch("GET", name)
    const template = index_templates[0].index_template
    delete template.template.mappings.properties.GridCE
    template.template.settings = { index: { number_of_replicas: "3" } }
    await openSearch("PUT", name, template)

    const status = await os("status --json")
    expect(status).toMatchObject({
      code: 1,
      err: "error: not our template: JobParametersDB; run spinor os migrate\n",
    })
    expect(JSON.parse(status.out).databases[0]).toMatchObject({ template: "another" })
    expect((await os("migrate --database JobParametersDB")).out).toMatch(/ template replaced\n$/)
    expect((await os("status")).code).toBe(0)
    const mended = (await openSearch("GET", name)).index_templates[0].index_template.template
    expect(mended).toMatchObject({
      settings: { index: { number_of_replicas: "3" } },
      mappings: { properties: { GridCE: { type: "keyword" } } },
    })
  })

  it("status tells the indices with their documents and sizes", async () => {
    const there = await installation()
    const { os, prefix, call, newJobs } = there
    const [one = 0, two = 0] = await newJobs(2)
    await os("migrate --database JobParametersDB")
    await neverRefreshed(`${prefix}job_parameters`)
    await call(["PATCH", "/api/jobs/metadata", { [one]: { GridCE: "a" }, [two]: { GridCE: "b" } }])
    const index = `${prefix}job_parameters_testvo_0m`
    const { out } = await os("status --database JobParametersDB")
    expect(out).toMatch(new RegExp(` current +for ever +${index} +2 +[0-9.]+ [KM]?i?B\n`))
    const { databases, backlog } = JSON.parse((await os("status --json")).out)
    expect(databases[0].indices).toEqual([{ name: index, documents: 2, bytes: expect.any(Number) }])
    expect(databases[0].indices[0].bytes).toBeGreaterThan(100)
    expect(backlog).toEqual([])
  })

  it("status tells of a cluster that is away in its row, and shows the others and the backlog", async () => {
    const { os, call, closed, newJobs } = await installation()
    const [job = 0] = await newJobs(1)
    await call(["PATCH", "/api/jobs/metadata", { [job]: { GridCE: "a" } }], closed)
    await os("migrate")
    const more = { DIRACX_OS_DB_PILOTLOGSDB: JSON.stringify({ hosts: closed }) }
    const { code, out, err } = await os("status", { more })
    expect(code).toBe(1)
    const away = /OpenSearch is away \(connect ECONNREFUSED 127\.0\.0\.1:\d+\)/.source
    expect(out).toMatch(/^PilotParametersDB .* current /m)
    expect(out).toMatch(
      new RegExp(`^PilotLogsDB +http://127\\.0\\.0\\.1:\\d+/ +unknown +90 days +${away}$`, "m"),
    )
    expect(out).toMatch(
      /\n\noutbox +waiting +refused +since\nJobParametersDB +1 +0 +2\d{3}-[\d:T-]+\n$/,
    )
    expect(err).toMatch(
      new RegExp(
        `^hint: .*; run spinor os flush\nerror: http://\\S+ \\(PilotLogsDB\\): ${away}\n$`,
      ),
    )
    expect(out + err).not.toContain("tiger")
    const json = JSON.parse((await os("status --json", { more })).out)
    expect(json.databases[2]).toMatchObject({
      template: null,
      indices: [],
      error: expect.stringMatching(away),
    })
    expect(json.backlog).toMatchObject([{ database: "JobParametersDB", waiting: 1, refused: 0 }])
  })

  it("status tells once of a cluster that is away", async () => {
    const { os, closed } = await installation()
    const { out, err } = await os("status", { hosts: closed })
    expect(out.match(/OpenSearch is away/g)).toHaveLength(DATABASES.length)
    expect(err).toMatch(
      new RegExp(
        `^error: http://\\S+ \\(${DATABASES.join(", ")}\\): OpenSearch is away \\(.*\\)\n$`,
      ),
    )
  })

  it.each(["migrate", "prune"])(
    "%s tells which cluster is away, and does the rest",
    async (line) => {
      const { os, closed } = await installation()
      const more = { DIRACX_OS_DB_JOBPARAMETERSDB: JSON.stringify({ hosts: closed }) }
      const others = {
        DIRACX_OS_DB_PILOTLOGSDB: JSON.stringify({ hosts: openSearchUrl() }),
        DIRACX_OS_DB_PILOTPARAMETERSDB: JSON.stringify({ hosts: openSearchUrl() }),
        SPINOR_PARAMETERS_RETENTION_DAYS: "1",
      }
      const { code, out, err } = await os(`${line} --json`, { more: { ...more, ...others } })
      expect(code).toBe(1)
      expect(err).toMatch(/^error: http:\/\/\S+ \(JobParametersDB\): OpenSearch is away \(.*\)\n$/)
      expect(err).not.toContain("tiger")
      const forPeople = (await os(line, { more: { ...more, ...others } })).out
      expect(forPeople).toMatch(/^JobParametersDB .* failed$/m)
      expect(forPeople.match(/failed/g)).toHaveLength(1)
      const rows: { error: string | null }[] = JSON.parse(out)
      expect(rows.map(({ error }) => error !== null)).toEqual([true, false, false])
    },
  )
})

/** As an index is that nobody has searched for a while. */
async function neverRefreshed(template: string): Promise<void> {
  const path = `_index_template/${template}`
  const { index_template } = (await openSearch("GET", path)).index_templates[0]
  index_template.template.settings = { index: { refresh_interval: "-1" } }
  expect((await openSearch("PUT", path, index_template)).status).toBe(200)
}

describe("os on SQL", () => {
  it("status tells the tables, and that there are no templates", async () => {
    const there = await installation("sql")
    await registerPilot(there, "stamp")
    await there.call(["POST", "/api/pilots/logs", { stamp: linesAt("2026-11-21T07:00:00Z") }])
    const { code, out, err } = await there.os("status")
    expect({ code, err }).toEqual({ code: 0, err: "" })
    expect(out).toMatch(/^PilotLogsDB +SQL +90 days +spinor_PilotLogs +1$/m)
    expect(JSON.parse((await there.os("status --json --database PilotLogsDB")).out)).toEqual({
      databases: [
        {
          database: "PilotLogsDB",
          place: "SQL",
          template: null,
          keptDays: 90,
          indices: [{ name: "spinor_PilotLogs", documents: 1, bytes: null }],
          error: null,
        },
      ],
      backlog: [],
    })
  })

  it("migrate and flush have nothing to do", async () => {
    const { os } = await installation("sql")
    expect(await os("migrate --database PilotLogsDB")).toEqual({
      code: 0,
      out: "PilotLogsDB  SQL  nothing to do\n",
      err: "",
    })
    expect(await os("flush --database PilotLogsDB")).toEqual({
      code: 0,
      out: "PilotLogsDB  SQL  0 sent, 0 refused, 0 left\n",
      err: "",
    })
  })

  it("says in one line that the tables are not there", async () => {
    const { run } = await terminal({ SPINOR_DB_URL: "sqlite+aiosqlite:///:memory:" })
    const { code, out, err } = await run("os status")
    expect(code).toBe(1)
    expect(out).toMatch(/^JobParametersDB +SQL +unknown /m)
    expect(err).toMatch(/^error: outbox of JobParametersDB: .*no such table.*\n$/)
  })
})

it("names every variable that is not set", async () => {
  const sqlVariables =
    "DIRACX_DB_URL_JOBDB (or SPINOR_DB_URL), DIRACX_DB_URL_PILOTAGENTSDB (or SPINOR_DB_URL)"
  const nothing = await terminal()
  expect(await nothing.run("os status")).toEqual({
    code: 1,
    out: "",
    err: `error: not set: ${sqlVariables}\n`,
  })
  const production = await terminal({
    SPINOR_DB_URL: "sqlite+aiosqlite:///:memory:",
    SPINOR_STAGE: "production",
  })
  expect(await production.run("os status")).toEqual({
    code: 1,
    out: "",
    err: "error: not set: DIRACX_OS_DB_JOBPARAMETERSDB (or SPINOR_DOCUMENTS=sql)\n",
  })
})

it.each([
  ['{"hosts": "ftp://operator:tiger@os"}', /^error: DIRACX_OS_DB_JOBPARAMETERSDB .*\n$/],
  ['{"hosts": "https://operator:tiger@os", "ca_certs": "/nope"}', /^error: .*JOBPARAMETERSDB.*\n$/],
])("refuses %s in one line, without its secret", async (options, line) => {
  const { run } = await terminal({
    SPINOR_DB_URL: "sqlite+aiosqlite:///:memory:",
    DIRACX_OS_DB_JOBPARAMETERSDB: options,
  })
  const { code, out, err } = await run("os migrate")
  expect({ code, out }).toEqual({ code: 1, out: "" })
  expect(err).toMatch(line)
  expect(err).not.toContain("tiger")
})

it.each([
  ["status --database JobDB", /^error: no database JobDB; there is: JobParametersDB, /],
  ["prune --older-than 30", /^error: --older-than is for the databases that --database names/],
  ["prune --older-than 0 --database PilotLogsDB", /It should be a number of days, from 1 to 36500/],
])("os %s fails in one line", async (line, err) => {
  const { run } = await terminal({ SPINOR_DB_URL: "sqlite+aiosqlite:///:memory:" })
  expect(await run(`os ${line}`)).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringMatching(err),
  })
})
