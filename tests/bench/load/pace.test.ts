import { once } from "node:events"
import { createServer, type RequestListener } from "node:http"
import { expect, it, onTestFinished } from "vitest"
import { keepPace, type Pacing } from "./pace.ts"
import { encodeRequest } from "./request.ts"

async function listening(listener: RequestListener): Promise<URL> {
  const server = createServer(listener).listen(0, "127.0.0.1")
  await once(server, "listening")
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (typeof address !== "object" || address === null) throw new Error("A TCP server has a port")
  return new URL(`http://127.0.0.1:${address.port}`)
}

/** A hundred requests in half a second, of servers that answer so. */
async function paced(listeners: readonly RequestListener[], more: Partial<Pacing> = {}) {
  return await keepPace({
    urls: await Promise.all(listeners.map(listening)),
    rate: 200,
    seconds: 0.5,
    rise: 0,
    limit: { milliseconds: 60_000, part: 0.01 },
    request: (number, { host }) =>
      encodeRequest({ method: "GET", path: `/${number}` }, { host, token: "t" }),
    examine: ({ status, body }) => {
      if (status !== 200) throw new Error(`wrong answer: ${status} ${body.toString()}`)
    },
    ...more,
  })
}

it("sends each request once, at its time", async () => {
  const began = performance.now()
  const seen = new Map<string, number>()
  const { latencies, milliseconds, late, fault } = await paced([
    ({ url = "" }, response) => {
      seen.set(url, performance.now() - began)
      response.end()
    },
  ])
  expect({ late, fault }).toEqual({ late: false, fault: undefined })
  expect([...seen.keys()].toSorted()).toEqual(
    Array.from({ length: 100 }, (_, number) => `/${number}`).toSorted(),
  )
  for (let number = 0; number < 100; number++)
    expect(seen.get(`/${number}`)).toBeGreaterThanOrEqual(number * 5)
  expect(latencies).toHaveLength(100)
  expect(milliseconds).toBeGreaterThanOrEqual(495)
})

it("rises to the rate", async () => {
  const began = performance.now()
  const seen: number[] = []
  const { milliseconds } = await paced(
    [
      (_, response) => {
        seen.push(performance.now() - began)
        response.end()
      },
    ],
    { rise: 0.4 },
  )
  // 40 requests while it rises, the others at even distances.
  expect(seen[10]).toBeGreaterThanOrEqual(200)
  expect(seen[40]).toBeGreaterThanOrEqual(400)
  expect(seen[99]).toBeGreaterThanOrEqual(695)
  expect(milliseconds).toBeGreaterThanOrEqual(695)
})

it("does not wait for answers", async () => {
  const held: (() => void)[] = []
  const { latencies } = await paced([
    (_, response) => {
      held.push(() => response.end())
      if (held.length === 100) for (const answer of held) answer()
    },
  ])
  expect(latencies).toHaveLength(100)
  // The first one is answered when the last one has come.
  expect(Math.max(...latencies)).toBeGreaterThanOrEqual(495)
})

it("counts the time for which a request waits for its turn", async () => {
  const held: (() => void)[] = []
  const { latencies } = await paced(
    [
      (_, response) => {
        const answer = () => response.end()
        if (held.push(answer) > 512) answer()
        else if (held.length === 512) setTimeout(() => held.forEach((each) => each()), 300)
      },
    ],
    { rate: 6000, seconds: 0.1 },
  )
  expect(latencies).toHaveLength(600)
  expect(latencies.filter((latency) => latency > 290)).toHaveLength(600)
})

it("asks servers in turns", async () => {
  const seen: string[][] = [[], []]
  const listener =
    (at: number): RequestListener =>
    ({ url = "" }, response) => {
      seen[at]?.push(url)
      response.end()
    }
  await paced([listener(0), listener(1)])
  const numbers = seen.map((urls) => urls.map((url) => Number(url.slice(1)) % 2))
  expect(numbers).toEqual([Array(50).fill(0), Array(50).fill(1)])
})

it("is given up when too many answers are late", async () => {
  const { late, fault, latencies } = await paced([(_, response) => void response.end()], {
    limit: { milliseconds: 0, part: 0.1 },
  })
  expect({ late, fault }).toEqual({ late: true, fault: undefined })
  expect(latencies.length).toBeLessThan(30)
})

it("a wrong answer stops it, and is told", async () => {
  let asked = 0
  const { fault } = await paced([
    (_, response) => {
      response.statusCode = ++asked === 10 ? 500 : 200
      response.end("why")
    },
  ])
  expect(fault).toBe("Error: wrong answer: 500 why")
  expect(asked).toBeLessThan(50)
})

it("a lost connection stops it, and is told", async () => {
  let asked = 0
  const { fault } = await paced([
    ({ socket }, response) => {
      if (++asked === 10) socket.resetAndDestroy()
      else response.end()
    },
  ])
  expect(fault).toContain("closed before the answer was complete")
})
