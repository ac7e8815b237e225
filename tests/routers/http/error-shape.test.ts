import { expect, it } from "vitest"
import * as z from "zod"
import { UnavailableError } from "@spinor/core/errors"
import { integer, text } from "@spinor/core/models/lax"
import { createApp } from "@spinor/routers/app"
import { json } from "@spinor/routers/http/answers"
import { openOperation } from "@spinor/routers/operation"
import { databasesThat, noDatabases } from "../../support/no-databases.ts"
import { alice, serviceOn, settings } from "../../support/service.ts"

// What DiracX 0.7.0 answers (FastAPI 0.141), each case tried there.

const service = serviceOn(noDatabases)
const JSON_TYPE = { "content-type": "application/json" }

const missing = (...loc: string[]) => ({ type: "missing", loc, msg: "Field required" })
const NO_LIST = { type: "list_type", loc: ["body"], msg: "Input should be a valid list" }
const NO_MODEL = {
  type: "model_attributes_type",
  loc: ["body"],
  msg: "Input should be a valid dictionary or object to extract fields from",
}
const NO_RECORD = { type: "dict_type", loc: ["body"], msg: "Input should be a valid dictionary" }
const NO_INTEGER = "Input should be a valid integer, unable to parse string as an integer"

const paths = {
  list: ["POST", "/api/jobs/jdl"],
  model: ["POST", "/api/jobs/summary"],
  optional: ["POST", "/api/jobs/search"],
  record: ["PATCH", "/api/jobs/metadata"],
  embedded: ["POST", "/api/jobs/reschedule"],
} as const

const send = (
  kind: keyof typeof paths,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = JSON_TYPE,
) => {
  const [method, path] = paths[kind]
  const authorization = `Bearer ${service.tokenFor(alice)}`
  const request = { method, body, headers: { authorization, ...headers } }
  return Promise.resolve(service.app.request(path, request)).then(answerOf)
}

const answerOf = async (response: Response) => ({
  status: response.status,
  headers: response.headers,
  body: await response.json(),
})

it.each([
  ["list", '["[]"]', NO_LIST],
  ["model", '{"grouping":["Status"]}', NO_MODEL],
  ["optional", "{}", NO_MODEL],
  ["record", '{"1":{}}', NO_RECORD],
  ["embedded", '{"job_ids":[1]}', missing("body", "job_ids")],
] as const)("takes a body without the type of JSON for a text: %s", async (kind, body, fault) => {
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "nonsense", "text/json"]) {
    const answer = await send(kind, body, { "content-type": type })
    expect(answer).toMatchObject({ status: 422, body: { detail: [fault] } })
  }
})

it("knows JSON by its type in any spelling", async () => {
  for (const type of [
    "APPLICATION/JSON",
    "application/json; charset=utf-8",
    "application/a+json",
  ]) {
    expect((await send("list", "{}", { "content-type": type })).body).toEqual({ detail: [NO_LIST] })
    expect((await send("list", "[1]", { "content-type": type })).body).toEqual({
      detail: [{ type: "string_type", loc: ["body", 0], msg: "Input should be a valid string" }],
    })
  }
})

it.each([
  ["list", missing("body")],
  ["model", missing("body")],
  ["record", missing("body")],
  ["embedded", missing("body", "job_ids")],
] as const)("misses a body that is empty or null: %s", async (kind, fault) => {
  for (const body of ["", "null"]) {
    expect(await send(kind, body)).toMatchObject({ status: 422, body: { detail: [fault] } })
  }
})

it.each(["", "null", "[]", "1", '"text"', "{}"])(
  "misses the fields of the body %j",
  async (body) => {
    const detail = [missing("body", "job_ids")]
    expect(await send("embedded", body)).toMatchObject({ status: 422, body: { detail } })
  },
)

it.each(["x", "{", '{"a":1}x', "  ", "'a'", "[1,]", "NaN"])(
  "refuses %j, which is no JSON",
  async (body) => {
    expect(await send("list", body)).toMatchObject({
      status: 422,
      body: { detail: [{ type: "json_invalid", loc: ["body", 0], msg: "JSON decode error" }] },
    })
  },
)

it.each([
  ["invalid UTF-8", Uint8Array.from(Buffer.from('["\xff"]', "latin1"))],
  ["lists in lists without end", "[".repeat(40) + "]".repeat(40)],
  ["objects in objects without end", '{"a":'.repeat(50_000) + "1" + "}".repeat(50_000)],
])("refuses %s", async (_, body) => {
  expect(await send("list", body)).toMatchObject({
    status: 400,
    body: { detail: "There was an error parsing the body" },
  })
})

it.each(['["\\u0000"]', '["a\\\\\\u0000"]', '["\\ud800"]', '["\\uDC00x"]', '[{"\\ud83d":1}]'])(
  "refuses %s, which not everything can store",
  async (body) => {
    expect(await send("list", body)).toMatchObject({
      status: 422,
      body: { detail: [{ type: "value_error", loc: ["body"] }] },
    })
  },
)

it.each([
  ["model", '{"grouping":["Status"],"__proto__":{"search":[]}}'],
  ["optional", '{"search":[{"parameter":"JobID","operator":"eq","value":1,"__proto__":{}}]}'],
  ["record", '{"__proto__":{"Own":1}}'],
  ["record", '{"1":{"__proto__":{"Own":1}}}'],
  ["record", '{"1":{"Own":[{"\\u005f_proto__":1}]}}'],
  ["embedded", '{"job_ids":[1],"__proto__":null}'],
] as const)("refuses a name that would be passed over: %s, %s", async (kind, body) => {
  expect(await send(kind, body)).toMatchObject({
    status: 400,
    body: { detail: "There was an error parsing the body" },
  })
})

it("takes whole surrogate pairs, and a backslash before a u", async () => {
  for (const body of ['{"\\ud83d\\ude00":1}', '{"\\\\u0000":1}', '{"\\\\ud800":1}']) {
    expect((await send("list", body)).body).toEqual({ detail: [NO_LIST] })
  }
})

it("tells the faults of the query and of the body together", async () => {
  const { status, body } = await service.call("POST", "/api/jobs/search?page=0&per_page=x", {
    as: alice,
    body: { sort: 1 },
  })
  expect(status).toBe(422)
  expect(body.detail).toEqual([
    {
      type: "greater_than_equal",
      loc: ["query", "page"],
      msg: "Input should be greater than or equal to 1",
    },
    { type: "int_parsing", loc: ["query", "per_page"], msg: NO_INTEGER },
    { type: "list_type", loc: ["body", "sort"], msg: "Input should be a valid list" },
  ])
})

it("takes the last of several values of a parameter", async () => {
  const path = "/api/jobs/search?page=x&page=0"
  const { body } = await service.call("POST", path, { as: alice, body: {} })
  expect(body.detail).toMatchObject([{ type: "greater_than_equal", loc: ["query", "page"] }])
})

it.each([
  [
    "/things/x?a=1",
    { "x-b": "2" },
    [{ type: "int_parsing", loc: ["path", "id"], msg: NO_INTEGER }],
  ],
  [
    "/things/%ff?a=1",
    { "x-b": "2" },
    [{ type: "int_parsing", loc: ["path", "id"], msg: NO_INTEGER }],
  ],
  [
    "/things/1?a=%zz",
    { "x-b": "2" },
    [{ type: "int_parsing", loc: ["query", "a"], msg: NO_INTEGER }],
  ],
  ["/things/1?a=%00", { "x-b": "2" }, [{ type: "value_error", loc: ["query", "a"] }]],
  ["/things/1", {}, [missing("query", "a"), missing("header", "x-b")]],
] as const)("tells the place of what is wrong in %s", async (path, headers, detail) => {
  const thing = openOperation(
    {
      method: "get",
      path: "/things/{id}",
      operationId: "things_get",
      tags: ["things"],
      pathParameters: z.object({ id: integer }),
      query: z.object({ a: integer }),
      headers: z.object({ "x-b": text }),
      responses: { 200: {} },
    },
    () => json("unreachable"),
  )
  const app = createApp(service.deps, {
    services: [{ below: "/things", load: async () => [thing] }],
  })
  const answer = await answerOf(await app.request(path, { headers }))
  expect(answer).toMatchObject({ status: 422, body: { detail } })
})

it.each([
  ["GET", "/api/jobs/jdl", "POST"],
  ["DELETE", "/api/auth/device", "POST, GET"],
  ["HEAD", "/api/auth/userinfo", "GET"],
  ["POST", "/api/auth/refresh-tokens/1", "DELETE"],
])("tells by what methods %s %s could be called", async (method, path, allow) => {
  const answer = await service.call(method, path)
  expect(answer.status).toBe(405)
  expect(answer.headers.get("allow")).toBe(allow)
})

it.each(["with its length", "in pieces"])(
  "refuses a body over the limit that comes %s",
  async (how) => {
    const { app } = serviceOn(noDatabases, { settings: { ...settings, bodyLimit: 1024 } })
    const send = (size: number) => {
      const bytes = new Uint8Array(size)
      const body = how === "in pieces" ? new Blob([bytes]).stream() : bytes
      const headers =
        how === "in pieces" ? JSON_TYPE : { ...JSON_TYPE, "content-length": `${size}` }
      return app.request("/api/auth/token", { method: "POST", body, headers, duplex: "half" })
    }
    expect((await send(1024)).status).toBe(400)
    expect(await answerOf(await send(1025))).toMatchObject({
      status: 413,
      body: { detail: "The body is longer than 1024 bytes" },
    })
  },
)

it("says when to come back while a database is away", async () => {
  const away = async () => {
    throw new UnavailableError("Cannot connect to JobDB")
  }
  const { call } = serviceOn(databasesThat(away))
  const answer = await call("POST", "/api/jobs/search", { as: alice, body: {} })
  expect(answer).toMatchObject({ status: 503, body: { detail: "Cannot connect to JobDB" } })
  expect(answer.headers.get("retry-after")).toBe("10")
})

it("says that answers differ by the origin of the caller, on all paths", async () => {
  for (const path of ["/nope", "/api/docs", "/.well-known/jwks.json", "/api/auth/userinfo"]) {
    expect((await service.call("GET", path)).headers.get("vary")).toBe("Origin")
  }
})

it("tells a hundred faults of a body at most, and takes so many values", async () => {
  const { body } = await send("list", `[${"1,".repeat(500)}1]`)
  expect(body).toMatchObject({ detail: { length: 100 } })
  expect(await send("list", `[${"1,".repeat(80_000)}1]`)).toMatchObject({
    status: 400,
    body: { detail: "The body holds more than 80000 values" },
  })
})
