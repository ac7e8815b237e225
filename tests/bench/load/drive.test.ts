import { once } from "node:events"
import { createServer, type RequestListener } from "node:http"
import { expect, it, onTestFinished } from "vitest"
import { drive, type Driving } from "./drive.ts"
import { encodeRequest } from "./request.ts"

/** Clients of a server that answers so, for a tenth of a second. */
async function driven(listener: RequestListener, more: Partial<Driving> = {}) {
  const server = createServer(listener).listen(0, "127.0.0.1")
  await once(server, "listening")
  onTestFinished(() => void server.close())
  const address = server.address()
  if (typeof address !== "object" || address === null) throw new Error("A TCP server has a port")
  const url = new URL(`http://127.0.0.1:${address.port}`)
  const ask = (number: number) =>
    encodeRequest(
      { method: "POST", path: `/${number}`, body: { number } },
      { host: url.host, token: "t" },
    )
  return await drive({
    url,
    clients: 4,
    seconds: 0.1,
    operation: (number) => [ask(number)],
    examine: ({ status, body }) => {
      if (status !== 200) throw new Error(`wrong answer: ${status} ${body.toString()}`)
    },
    ...more,
  })
}

it("each operation has a number of its own, and what comes of it is counted", async () => {
  const seen: string[] = []
  const { latencies, requests, bytes, milliseconds, fault } = await driven((request, response) => {
    seen.push(request.url ?? "")
    response.end("right")
  })
  expect(fault).toBeUndefined()
  expect(requests).toBe(seen.length)
  expect(latencies).toHaveLength(seen.length)
  expect(seen.toSorted()).toEqual(seen.map((_, number) => `/${number}`).toSorted())
  expect(bytes).toBeGreaterThan(requests * "right".length)
  expect(milliseconds).toBeGreaterThanOrEqual(100)
  expect(Math.max(...latencies)).toBeLessThanOrEqual(milliseconds)
})

it("an operation of several requests has one latency", async () => {
  const one = encodeRequest({ method: "GET", path: "/" }, { host: "h", token: "t" })
  const found = await driven((_, response) => void response.end(), {
    operation: () => [one, one, one],
  })
  expect(found.fault).toBeUndefined()
  expect(found.requests).toBe(found.latencies.length * 3)
})

it("a wrong answer stops it, and is told", async () => {
  let asked = 0
  const found = await driven(
    (_, response) => {
      response.statusCode = ++asked === 10 ? 500 : 200
      response.end("why")
    },
    { seconds: 60 },
  )
  expect(found.fault).toBe("Error: wrong answer: 500 why")
  expect(asked).toBeLessThan(20)
})

it("a lost connection stops it, and is told", async () => {
  let asked = 0
  const found = await driven(
    (request, response) => {
      if (++asked === 10) request.socket.destroy()
      else response.end()
    },
    { seconds: 60 },
  )
  expect(found.fault).toContain("closed before the answer was complete")
})
