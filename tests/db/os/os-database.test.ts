import { once } from "node:events"
import { readFileSync } from "node:fs"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { buffer } from "node:stream/consumers"
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from "vitest"
import { DOCUMENT_DATABASES } from "@spinor/db/documents/databases"
import type { NewDocument } from "@spinor/db/documents/database"
import { jobParametersDB } from "@spinor/db/documents/job-parameters"
import type { OsConnection } from "@spinor/db/os/connection"
import { IndexNames, sharesIndices } from "@spinor/db/os/index-name"
import { OSDatabase } from "@spinor/db/os/os-database"
import { freshPrefix, openSearchRunsHere, openSearchUrl } from "../../support/opensearch.ts"
import type { Json } from "../../support/service.ts"
import { connected } from "./connected.ts"

/** What DiracX does, as it was recorded. */
const theirs = JSON.parse(
  readFileSync(new URL("../../contract/diracx-opensearch.json", import.meta.url), "utf8"),
).JobParametersDB

describe("the names of indices", () => {
  const names = new IndexNames(jobParametersDB, "")

  it.each(theirs.indexNameExamples as { vo: string; jobID: number; index: string }[])(
    "are DiracX's for job $jobID of $vo",
    ({ vo, jobID, index }) => expect(names.of(vo, jobID)).toBe(index),
  )

  it("begin with the global prefix", () => {
    expect(new IndexNames(jobParametersDB, "pre_").of("LHCb", 1)).toBe(
      theirs.withGlobalPrefixExample,
    )
  })

  it.each(["", "a b", "a*", "a,b", "a/b", "a#b", "a:b", "a\u0000", "é".repeat(65)])(
    "are made of no VO called %j",
    (vo) => {
      expect(() => names.of(vo, 1)).toThrow(
        `No index of OpenSearch can be named after the VO ${vo}`,
      )
      expect(() => names.all(vo)).toThrow()
    },
  )

  it("are those of two VOs where only the case differs", () => {
    expect(sharesIndices("LHCb", ["lhcb", "dune"])).toBe(true)
    expect(sharesIndices("LHCb", ["LHCb", "dune"])).toBe(false)
  })
})

describe.skipIf(!openSearchRunsHere())("a database of documents in OpenSearch", () => {
  let calls = 0
  const connection = connected({ hosts: openSearchUrl() })
  const counted: OsConnection = {
    ...connection,
    call: (work) => {
      calls++
      return connection.call(work)
    },
  }
  afterAll(() => connection.close())

  let prefix: string
  let database: OSDatabase
  beforeEach(() => {
    const fresh = freshPrefix()
    onTestFinished(fresh.drop)
    prefix = fresh.prefix
    database = new OSDatabase(jobParametersDB, counted, prefix)
  })

  const document = (number: number, fields: object): NewDocument => ({
    id: String(number),
    number,
    vo: "LHCb",
    document: { JobID: number, timestamp: 1, ...fields },
  })
  const get = async (path: string, init: RequestInit = {}) => {
    const headers = { "content-type": "application/json" }
    const answer = await fetch(`${openSearchUrl()}/${path}`, { ...init, headers })
    return (await answer.json()) as Json
  }
  const template = async () =>
    (await get(`_index_template/${prefix}job_parameters`)).index_templates?.[0].index_template
  const source = async (number: number) =>
    (await get(`${prefix}job_parameters_lhcb_0m/_doc/${number}`))._source

  it("takes more documents at once than a request can hold, and refuses one that is too long", async () => {
    const limited = connected({ hosts: await startLimited(10_000) })
    onTestFinished(() => limited.close())
    const behind = new OSDatabase(jobParametersDB, limited, prefix)
    const long = [3000, 3000, 20_000, 3000, 3000].map((length, i) =>
      document(i, { StandardOutput: "x".repeat(length) }),
    )
    const stored = { is: "stored" }
    const refused = { is: "refused", reason: "OpenSearch answers 413" }
    expect(await behind.write(long, "merge")).toEqual([stored, stored, refused, stored, stored])
    expect(await source(4)).toMatchObject({ JobID: 4 })
  })

  it("has DiracX's template, but that OpenSearch makes up no fields", async () => {
    expect(await database.migrate()).toBe("created")
    const { index_patterns, template: stored } = await template()
    expect(index_patterns).toEqual(
      theirs.indexTemplate.body.index_patterns.map((pattern: string) => `${prefix}${pattern}`),
    )
    expect(stored.mappings).toEqual({
      ...theirs.indexTemplate.body.template.mappings,
      dynamic: false,
    })
  })

  it.each(DOCUMENT_DATABASES)("is migrated again without a change: $name", async (declared) => {
    const one = new OSDatabase(declared, connection, prefix)
    expect(await one.migrate()).toBe("created")
    expect(await one.migrate()).toBe("unchanged")
  })

  it("keeps what an administrator has added to the template, and mends the rest", async () => {
    const body = {
      index_patterns: ["x"],
      priority: 7,
      template: { settings: { number_of_replicas: 0 } },
    }
    await get(`_index_template/${prefix}job_parameters`, {
      method: "PUT",
      body: JSON.stringify({ ...body, index_patterns: [`${prefix}x`] }),
    })
    expect(await database.migrate()).toBe("replaced")
    const { priority, index_patterns, template: stored } = await template()
    expect(priority).toBe(7)
    expect(index_patterns).toEqual([`${prefix}job_parameters*`])
    expect(stored.settings.index.number_of_replicas).toBe("0")
    expect(stored.mappings.properties.JobID).toEqual({ type: "long" })
  })

  it("puts the template before the first document, once, whoever comes first", async () => {
    const writers = [1, 2, 3, 4].map(() => new OSDatabase(jobParametersDB, connection, prefix))
    const written = await Promise.all(
      writers.map((each, i) => each.write([document(i, { GridCE: "ce" })], "merge")),
    )
    expect(written.flat()).toEqual(writers.map(() => ({ is: "stored" })))
    const { [`${prefix}job_parameters_lhcb_0m`]: index } = await get(`${prefix}*/_mapping`)
    expect(index.mappings.properties.GridCE).toEqual({ type: "keyword" })
  })

  it("is written in one request, however many documents there are", async () => {
    await database.write([document(0, {})], "merge")
    for (const size of [1, 100, 5000]) {
      calls = 0
      const documents = Array.from({ length: size }, (_, i) => document(i, { size }))
      expect(await database.write(documents, "merge")).toHaveLength(size)
      expect(calls).toBe(1)
    }
    calls = 0
    expect(await database.write([], "merge")).toEqual([])
    expect(calls).toBe(0)
  })

  it("tells of each document what became of it", async () => {
    const outcomes = await database.write(
      [
        document(1, { GridCE: "a" }),
        document(2, { GridCE: { b: 1 } }),
        document(3, { GridCE: "c" }),
      ],
      "merge",
    )
    expect(outcomes).toEqual([
      { is: "stored" },
      { is: "refused", reason: expect.stringContaining("mapper_parsing_exception") },
      { is: "stored" },
    ])
    expect(await source(3)).toMatchObject({ GridCE: "c" })
  })

  it("lets many lay fields over one document at once", async () => {
    const writes = Array.from({ length: 40 }, (_, i) =>
      database.write([document(1, { [`field${i}`]: i })], "merge"),
    )
    expect((await Promise.all(writes)).flat()).toEqual(writes.map(() => ({ is: "stored" })))
    expect(Object.keys(await source(1))).toHaveLength(42)
  })

  it("delays what is written to an index that is closed to writing", async () => {
    await database.write([document(1, {})], "merge")
    await get(`${prefix}job_parameters_lhcb_0m/_block/write`, { method: "PUT" })
    expect(await database.write([document(1, { a: 1 })], "merge")).toEqual([{ is: "delayed" }])
  })

  it("removes documents by their ids, in one request, whether they are there or not", async () => {
    await database.write([document(1, {}), document(2, {})], "merge")
    calls = 0
    const outcomes = await database.remove([document(1, {}), document(3, {}), document(7e6, {})])
    expect(outcomes).toEqual([{ is: "stored" }, { is: "stored" }, { is: "stored" }])
    expect(calls).toBe(1)
    expect(await source(1)).toBeUndefined()
    expect(await source(2)).toMatchObject({ JobID: 2 })
  })

  it("writes what is written once no second time", async () => {
    await database.write([document(1, { a: "first" })], "create")
    expect(await database.write([document(1, { a: "again" })], "create")).toEqual([
      { is: "stored" },
    ])
    expect(await source(1)).toMatchObject({ a: "first" })
  })

  it.each([
    ["a number", 5],
    ["a text", "1970-01-01T00:00:00.005Z"],
    ["another text", "1970-01-01T01:00:00.005+01:00"],
  ])("lays what is late only over what is older, its time being %s", async (_, timestamp) => {
    await database.write([document(1, { timestamp, a: "stored", n: { x: 1 } })], "merge")
    const late = { a: "late", b: "late", n: { x: 2, y: 2 } }
    await database.write([document(1, { ...late, timestamp: 4 })], "merge late")
    expect(await source(1)).toEqual({
      JobID: 1,
      timestamp,
      a: "stored",
      b: "late",
      n: { x: 1, y: 2 },
    })
    await database.write([document(1, { ...late, timestamp: 6 })], "merge late")
    expect(await source(1)).toMatchObject({ timestamp: 6, a: "late", n: { x: 2, y: 2 } })
  })
})

/** Stands before OpenSearch, and takes no bodies of more bytes. */
async function startLimited(bytes: number): Promise<string> {
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = "GET", url = "/" } = request
    const body = await buffer(request)
    const init = { method, headers: { "content-type": "application/json" } }
    const answer =
      body.length > bytes
        ? new Response(null, { status: 413 })
        : await fetch(new URL(url, openSearchUrl()), body.length > 0 ? { ...init, body } : init)
    response.writeHead(answer.status, { "content-type": "application/json" })
    response.end(await answer.text())
  }
  const server = createServer((request, response) => void pass(request, response))
  await once(server.listen(0, "127.0.0.1"), "listening")
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
