import { Hono } from "hono"
import { expect, it } from "vitest"
import { refusedBody } from "@spinor/routers/http/body-limit"

const LIMIT = 1000
const BODIES = [0, 1, LIMIT - 1, LIMIT, LIMIT + 1, 50 * LIMIT].map((size) => "x".repeat(size))
const WITH_BODY = ["POST", "PUT", "PATCH", "DELETE"]

/** Answers with the body, unless it is refused. */
const refuse = refusedBody(LIMIT)
const app = new Hono().all("*", async (c) => {
  const refusal = await refuse(c)
  return refusal === undefined
    ? c.text(await c.req.text())
    : new Response(String(refusal.body), { status: refusal.status })
})

/** A body in pieces, of which nobody knows how many there are. */
const inPieces = (body: string) =>
  new Blob([body]).stream().pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        for (let i = 0; i < chunk.length; i += 300) controller.enqueue(chunk.subarray(i, i + 300))
      },
    }),
  )

async function send(
  method: string,
  body: string | ReadableStream<Uint8Array>,
  headers: Record<string, string> = {},
) {
  const response = await app.request("/", { method, body, headers, duplex: "half" })
  return { status: response.status, text: await response.text() }
}

const expected = (body: string) =>
  body.length > LIMIT
    ? { status: 413, text: '{"detail":"The body is longer than 1000 bytes"}' }
    : { status: 200, text: body }

it.each(WITH_BODY)("takes a %s by the length that it says, up to the limit", async (method) => {
  for (const body of BODIES) {
    const headers = { "content-length": `${body.length}` }
    expect(await send(method, body, headers)).toEqual(expected(body))
  }
})

it.each(WITH_BODY)(
  "counts the body of a %s that says no length, and passes it on",
  async (method) => {
    for (const body of BODIES) expect(await send(method, inPieces(body))).toEqual(expected(body))
  },
)

it("believes no length of what comes in chunks", async () => {
  const headers = { "content-length": "1", "transfer-encoding": "chunked" }
  for (const body of BODIES) {
    expect(await send("POST", inPieces(body), headers)).toEqual(expected(body))
  }
})

it("does not read a body whose length is said", async () => {
  let isRead = false
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        isRead = true
        controller.enqueue(new Uint8Array(1))
      },
    },
    { highWaterMark: 0 },
  )
  const headers = { "content-length": `${LIMIT + 1}` }
  expect((await send("POST", body, headers)).status).toBe(413)
  expect(isRead).toBe(false)
})

it.each(["GET", "HEAD", "OPTIONS"])("takes a %s, whatever length it says", async (method) => {
  const headers = { "content-length": `${LIMIT + 1}` }
  expect((await app.request("/", { method, headers })).status).toBe(200)
})

it.each(WITH_BODY)("takes a %s without a body", async (method) => {
  expect((await app.request("/", { method })).status).toBe(200)
})
