import { once } from "node:events"
import { createServer, type IncomingMessage } from "node:http"
import { expect, it, onTestFinished } from "vitest"
import { httpClient, type HttpRequest } from "@spinor/cli/http"

type Reply = { status: number; headers?: Record<string, string>; body?: string } | "hang up"

/** A client of a server that gives these answers in turn, the last one for ever. */
async function client(replies: readonly [Reply, ...Reply[]]) {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    const reply = replies[Math.min(requests.length, replies.length - 1)] ?? "hang up"
    requests.push(request)
    if (reply === "hang up") request.socket.destroy()
    else response.writeHead(reply.status, reply.headers).end(reply.body ?? "{}")
  })
  await once(server.listen(0, "127.0.0.1"), "listening")
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = typeof address === "object" ? address?.port : undefined
  const pauses: number[] = []
  const http = httpClient(`http://127.0.0.1:${port}`, {
    interrupted: new AbortController().signal,
    stderr: { write: () => true },
    pause: async (milliseconds) => void pauses.push(milliseconds),
  })
  const outcome = (request: HttpRequest) =>
    http(request).then(
      ({ status }) => status,
      (error: unknown) => String(error),
    )
  return { http, outcome, requests, pauses }
}

const get: HttpRequest = { method: "GET", path: "/" }
const search: HttpRequest = { method: "POST", path: "/", json: {}, reads: true }
const submit: HttpRequest = { method: "POST", path: "/", json: [] }

const busy: Reply = { status: 503, headers: { "retry-after": "7" } }
const fine: Reply = { status: 200 }

it.each([[get], [search]])("%j is sent again when the service asks for it", async (request) => {
  const { outcome, pauses } = await client([busy, busy, fine])
  expect(await outcome(request)).toBe(200)
  expect(pauses).toEqual([7000, 7000])
})

it("is sent again when the connection breaks, three times at most", async () => {
  const broken = await client(["hang up", fine])
  expect(await broken.outcome(get)).toBe(200)
  const gone = await client(["hang up"])
  expect(await gone.outcome(search)).toContain("cannot reach the service at http://127.0.0.1")
  expect(gone.requests).toHaveLength(3)
})

it.each([["hang up"], [busy]] as const)(
  "what changes something is sent once: %j",
  async (reply) => {
    const { outcome, requests } = await client([reply, fine])
    expect(await outcome(submit)).toContain("Error")
    expect(requests).toHaveLength(1)
  },
)

it("a long Retry-After is cut", async () => {
  const { outcome, pauses } = await client([
    { status: 503, headers: { "retry-after": "86400" } },
    fine,
  ])
  await outcome(get)
  expect(pauses).toEqual([15_000])
})

it.each([
  [401, '{"detail":"Invalid JWT"}', 'Invalid JWT: log in with "spinor login"'],
  [
    403,
    '{"detail":"Forbidden"}',
    'Forbidden: your group may not do this; "spinor whoami" tells which it is',
  ],
  [503, '{"detail":"Cannot connect to JobDB"}', "Cannot connect to JobDB: try again in a moment"],
  [422, '{"detail":[{"loc":["query","page"],"msg":"too small","type":"x"}]}', "page: too small"],
  [400, '{"error":"invalid_grant"}', "invalid_grant"],
  [404, '{"detail":{"failed":{}}}', '{"failed":{}}'],
  [500, "Internal Server Error", "the service answered 500"],
])("%d %s is told as: %s", async (status, body, message) => {
  const { outcome } = await client([{ status, body }])
  expect(await outcome(submit)).toBe(`ServiceError: ${message}`)
})

it("says which program asks, and not that it is DiracX's client", async () => {
  const { outcome, requests } = await client([fine])
  await outcome({ ...get, token: "t" })
  expect(requests[0]?.headers).toMatchObject({ authorization: "Bearer t" })
  expect(requests[0]?.headers["user-agent"]).toMatch(/^spinor\/\d/)
  expect(requests[0]?.headers).not.toHaveProperty("diracx-client-version")
})
