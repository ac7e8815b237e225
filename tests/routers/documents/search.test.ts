import { beforeAll, expect, it } from "vitest"
import { describeEachDocumentStore, useDocuments } from "../../support/document-stores.ts"
import { admin, type Json } from "../../support/service.ts"
import { storeJobs } from "../../support/stored-jobs.ts"

/** By the names that the tests give to the jobs. */
const DOCUMENTS: Record<string, Json> = {
  a: {
    GridCE: "ce1.cern.ch",
    "Memory(MB)": 1000,
    timestamp: "2026-01-31T23:59:59.999Z",
    HostName: "x",
  },
  b: { GridCE: "CE1.cern.ch", "Memory(MB)": 2000, timestamp: "2026-02-01T00:00:00Z" },
  c: { GridCE: "ce2.in2p3.fr", "Memory(MB)": -5, timestamp: "2026-02-15T12:00:00.5Z" },
  d: { GridCE: "50%_*?[x]\\", "Memory(MB)": 3000, timestamp: "2026-03-01T00:00:00Z" },
  e: { GridCE: 'éclair "q" #1', CEQueue: "", timestamp: "2027-01-01T00:00:00Z" },
  f: { "Memory(MB)": 4000, timestamp: "2026-02-28T23:59:59Z" },
}

describeEachDocumentStore("a search of documents", (backend) => {
  const store = useDocuments(backend)
  const names = new Map<number, string>()

  beforeAll(async () => {
    const ids = await storeJobs(
      store.database.sql,
      Object.keys(DOCUMENTS).map(() => ({})),
    )
    const body = Object.fromEntries(Object.values(DOCUMENTS).map((each, i) => [ids[i], each]))
    for (const [i, name] of Object.keys(DOCUMENTS).entries()) names.set(ids[i] ?? 0, name)
    const written = await store.service().call("PATCH", "/api/jobs/metadata", { as: admin, body })
    expect(written.status).toBe(204)
    await store.settle()
  })

  const ask = (body: unknown) =>
    store.service().call("POST", "/api/jobs/parameters/search", { as: admin, body })
  const found = async (body: unknown): Promise<string> => {
    const answer = await ask(body)
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    return answer.body.map((row: Json) => names.get(row.JobID)).join("")
  }

  it.each([
    ["GridCE", "eq", "ce1.cern.ch", "a"],
    ["GridCE", "neq", "ce1.cern.ch", "bcdef"],
    ["GridCE", "in", ["ce1.cern.ch", "ce2.in2p3.fr", "none"], "ac"],
    ["GridCE", "in", [], ""],
    ["GridCE", "not in", ["ce1.cern.ch", "ce2.in2p3.fr"], "bdef"],
    ["GridCE", "not in", [], "abcdef"],
    ["GridCE", "gt", "ce1", "ace"],
    ["GridCE", "lt", "ce1", "bd"],
    ["GridCE", "like", "ce1%", "a"],
    ["CEQueue", "like", "", "e"],
    ["CEQueue", "not like", "", "abcdf"],
    ["GridCE", "like", "%cern.ch", "ab"],
    ["GridCE", "like", "ce_.%", "ac"],
    ["GridCE", "like", "50\\%\\_*?[x]\\\\", "d"],
    ["GridCE", "like", "%\\%%", "d"],
    ["GridCE", "like", "%*%", "d"],
    ["GridCE", "like", "é%", "e"],
    ["GridCE", "not like", "%cern%", "cdef"],
    ["GridCE", "regex", "^ce[12]\\.", "ac"],
    ["GridCE", "regex", "cern", "ab"],
    ["GridCE", "regex", "(?i)^ce1", "ab"],
    ["GridCE", "regex", "(cern|in2p3)\\.(ch|fr)$", "abc"],
    ["GridCE", "regex", "^ce1|fr$", "ac"],
    ["GridCE", "regex", "\\d\\.\\w+\\.", "abc"],
    ["GridCE", "regex", "[%*?]_", "d"],
    ["GridCE", "regex", "n2{1}p[0-9]+", "c"],
    ["GridCE", "regex", '"q" #', "e"],
    ["GridCE", "regex", "[^a-z0-9.CE]", "de"],
    ["Memory(MB)", "eq", 2000, "b"],
    ["Memory(MB)", "eq", "2000", "b"],
    ["Memory(MB)", "neq", 2000, "acdef"],
    ["Memory(MB)", "gt", 1000, "bdf"],
    ["Memory(MB)", "lt", 1000, "c"],
    ["Memory(MB)", "lt", "0", "c"],
    ["Memory(MB)", "in", [1000, "4000"], "af"],
    ["Memory(MB)", "not in", [1000, 4000], "bcde"],
    ["Memory(MB)", "lt", 3_000_000_000, "abcdf"],
    ["JobID", "gt", 2_147_483_648, ""],
    ["JobID", "lt", 2_147_483_648, "abcdef"],
    ["timestamp", "eq", "2026-02", "bcf"],
    ["timestamp", "eq", "2026-02-15 12:00:00", "c"],
    ["timestamp", "neq", "2026", "e"],
    ["timestamp", "gt", "2026-02", "de"],
    ["timestamp", "gt", "2026-02-15T12:00", "def"],
    ["timestamp", "lt", "2026-02", "a"],
    ["timestamp", "in", ["2026-01", "2026-03"], "ad"],
    ["timestamp", "not in", ["2026-01", "2026-02"], "de"],
    ["timestamp", "in", [], ""],
    ["timestamp", "not in", [], "abcdef"],
  ])("finds %s %s %j", async (parameter, operator, value, expected) => {
    const spec = Array.isArray(value) ? { values: value } : { value }
    expect(await found({ search: [{ parameter, operator, ...spec }] })).toBe(expected)
  })

  it("finds what holds all conditions", async () => {
    const search = [
      { parameter: "Memory(MB)", operator: "gt", value: 0 },
      { parameter: "timestamp", operator: "eq", value: "2026-02" },
    ]
    expect(await found({ search })).toBe("bf")
  })

  it.each([
    ["Memory(MB)", "asc", "cabdfe"],
    ["Memory(MB)", "desc", "fdbace"],
    ["GridCE", "asc", "dbacef"],
    ["GridCE", "desc", "ecabdf"],
    ["timestamp", "desc", "edfcba"],
  ])("sorts by %s %s, what lacks it last", async (parameter, direction, expected) => {
    expect(await found({ sort: [{ parameter, direction }] })).toBe(expected)
  })

  it("gives the fields that are asked for, where a document has them", async () => {
    const search = [{ parameter: "GridCE", operator: "like", value: "%cern.ch" }]
    const { body } = await ask({ search, parameters: ["HostName", "timestamp", "None", "Host*"] })
    expect(body).toEqual([
      { HostName: "x", timestamp: "2026-01-31T23:59:59.999000Z" },
      { timestamp: "2026-02-01T00:00:00Z" },
    ])
  })

  it("gives fields of any name, and however many are asked for", async () => {
    const [jobId = 0] = await storeJobs(store.database.sql, [{ vo: "other" }])
    const named = { "é💥": 1, ["n".repeat(50_000)]: 2 }
    await store
      .service()
      .call("PATCH", "/api/jobs/metadata", { as: admin, body: { [jobId]: named } })
    await store.settle()
    const search = [{ parameter: "JobID", operator: "eq", value: jobId }]
    for (const more of [[], Array.from({ length: 20_000 }, (_, i) => `none ${i}`)]) {
      const { body } = await ask({ search, parameters: [...Object.keys(named), ...more] })
      expect(body).toEqual([named])
    }
  })

  it.each([
    ["Nope", "eq", 1, "Field Nope is not included in the index mapping"],
    ["toString", "eq", 1, "Field toString is not included in the index mapping"],
    ["HostName", "eq", "x", "Cannot apply eq to HostName (a text field)"],
    ["HostName", "like", "x", "Cannot apply like to HostName (a text field)"],
    ["Memory(MB)", "regex", "1", "Cannot apply regex to Memory(MB) (a long field)"],
    ["timestamp", "like", "2026%", "Cannot apply like to timestamp (a date field)"],
    ["Memory(MB)", "eq", "much", "Cannot compare Memory(MB) with what is no whole number"],
    ["Memory(MB)", "gt", "1.5", "Cannot compare Memory(MB) with what is no whole number"],
    ["timestamp", "eq", "yesterday", "Cannot parse value='yesterday'"],
    ["timestamp", "gt", 5, "Cannot parse value=5"],
    ["timestamp", "eq", "9999-12-31", "Cannot parse value='9999-12-31'"],
    ["GridCE", "like", "x\\", "A pattern of like cannot end with a single backslash"],
    ["GridCE", "regex", "(", "Invalid regex ("],
    ["GridCE", "regex", "a*?", "A regex for documents knows no lazy and possessive repetition"],
    ["GridCE", "regex", "(?=a)", "A regex for documents knows no groups that begin with (?"],
    ["GridCE", "regex", "a^b", "A regex for documents knows no ^ and $ but at its ends"],
    ["GridCE", "regex", "\\bce", "A regex for documents knows no escape \\b"],
  ])("refuses %s %s %j", async (parameter, operator, value, detail) => {
    const answer = await ask({ search: [{ parameter, operator, value }] })
    expect(answer).toMatchObject({ status: 400, body: { detail } })
  })

  it("refuses more dates than it can compare with", async () => {
    const values = Array.from({ length: 101 }, (_, i) => `${1900 + i}`)
    const answer = await ask({ search: [{ parameter: "timestamp", operator: "in", values }] })
    expect(answer).toMatchObject({
      status: 400,
      body: { detail: "Cannot compare with more than 100 dates at once" },
    })
  })

  it("finds one of very many values", async () => {
    const values = Array.from({ length: 20_000 }, (_, i) => `ce${i}.cern.ch`)
    expect(await found({ search: [{ parameter: "GridCE", operator: "in", values }] })).toBe("a")
  })

  it("refuses to sort by a text, and by what is not declared", async () => {
    const by = (parameter: string) => ask({ sort: [{ parameter, direction: "asc" }] })
    expect((await by("HostName")).body.detail).toBe("Cannot apply sort to HostName (a text field)")
    expect((await by("Nope")).body.detail).toBe("Field Nope is not included in the index mapping")
  })

  it("has no cursor where documents may lack what it sorts by", async () => {
    const sort = [{ parameter: "GridCE", direction: "asc" }]
    const path = "/api/jobs/parameters/search?per_page=1"
    const { status, headers } = await store
      .service()
      .call("POST", path, { as: admin, body: { sort } })
    expect(status).toBe(206)
    expect(headers.get("link")).toBeNull()
  })

  it("takes wildcards by the hundred, and refuses them by the thousand", async () => {
    const like = (value: string) => ({ search: [{ parameter: "GridCE", operator: "like", value }] })
    expect(await found(like("%".repeat(900)))).toBe("abcde")
    expect(await ask(like("%".repeat(100_000)))).toMatchObject({
      status: 400,
      body: { detail: "A pattern of like cannot have more than 900 characters" },
    })
  })

  it("never fails for a pattern that a store cannot read", async () => {
    const search = [{ parameter: "GridCE", operator: "regex", value: "x{0}" }]
    expect([200, 400]).toContain((await ask({ search })).status)
  })

  it("answers a pattern that is very long, or refuses it, and does not fail", async () => {
    const value = "(a|b)*c{1,9}".repeat(70)
    const search = [{ parameter: "GridCE", operator: "regex", value }]
    expect([200, 400]).toContain((await ask({ search })).status)
  })
})
