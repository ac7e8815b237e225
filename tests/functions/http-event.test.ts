import { describe, expect, it } from "vitest"
import { answerEvent } from "../../functions/lambda/http-event.ts"
import { httpAnswer } from "../support/lambda/http-answer.ts"
import { httpEvent, type HttpRequest } from "../support/lambda/http-event.ts"

const BYTES = Buffer.from([0, 0xff, 0x80, 0x0a])

/** What an application sees of a request, and what the client gets of its answer. */
async function exchange(request: Partial<HttpRequest>, response = new Response()) {
  const sent = { method: "GET", target: "/", body: Buffer.alloc(0), sourceIp: "192.0.2.1" }
  const event = httpEvent(
    { ...sent, headers: [["host", "api.example.org"]], ...request },
    "HTTP API",
  )
  let seen: Request | undefined
  const app = {
    fetch(received: Request) {
      seen = received
      return response
    },
  }
  // The runtime client sends it as JSON.
  const given: unknown = JSON.parse(JSON.stringify(await answerEvent(app, event, {})))
  return { seen, answer: httpAnswer(given, "HTTP API") }
}

describe("an event of HTTP", () => {
  it("has the cookies of a client, and takes those for it", async () => {
    const headers = new Headers([
      ["set-cookie", "a=1, 2; Path=/"],
      ["set-cookie", "b=3"],
      ["x-own", "one"],
    ])
    const cookies = { headers: [["Cookie", "c=4; d=%C3%BC"] as const, ["host", "h"] as const] }
    const { seen, answer } = await exchange(cookies, new Response("", { headers }))
    expect(seen?.headers.get("cookie")).toBe("c=4; d=%C3%BC")
    expect(answer.headers).toEqual([
      ["content-type", "text/plain;charset=UTF-8"],
      ["x-own", "one"],
      ["set-cookie", "a=1, 2; Path=/"],
      ["set-cookie", "b=3"],
    ])
  })

  it("carries bytes both ways", async () => {
    const response = new Response(BYTES, { headers: { "content-type": "image/png" } })
    const { seen, answer } = await exchange({ method: "PUT", body: BYTES }, response)
    expect(await seen?.bytes()).toEqual(new Uint8Array(BYTES))
    expect(answer.body.equals(BYTES)).toBe(true)
  })

  it("carries text as it is, and no body where there is none", async () => {
    const text = "Grüße, 東京 💥"
    const body = Buffer.from(text)
    const headers = [["host", "h"] as const, ["content-type", "text/plain; charset=utf-8"] as const]
    const { seen, answer } = await exchange({ method: "POST", headers, body }, new Response(text))
    expect(await seen?.text()).toBe(text)
    expect(answer.body.toString()).toBe(text)
    expect((await exchange({}, new Response(null, { status: 204 }))).answer).toMatchObject({
      status: 204,
      body: Buffer.alloc(0),
    })
  })

  it("has headers as the bytes that they are", async () => {
    const { seen } = await exchange({
      headers: [
        ["host", "h"],
        ["x-own", "東"],
      ],
    })
    expect(Buffer.from(seen?.headers.get("x-own") ?? "", "latin1").toString()).toBe("東")
  })

  it("has the query as it was sent", async () => {
    const { seen } = await exchange({ target: "/a%2Fb%25?c=%2F%23&c=d+e?&f" })
    expect(seen?.url).toBe("https://api.example.org/a/b%25?c=%2F%23&c=d+e?&f")
  })

  it("with a method that no request of the platform has is a 405", async () => {
    const { seen, answer } = await exchange({ method: "TRACE" })
    expect(seen).toBeUndefined()
    expect(answer.status).toBe(405)
  })
})
