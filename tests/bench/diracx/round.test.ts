import { once } from "node:events"
import { createServer } from "node:http"
import { expect, it, onTestFinished } from "vitest"
import { playRound } from "./round.ts"

const right = { sub: "testvo:sub-alice", properties: ["NormalUser"] }

/** A round of asking who one is, of a server that says so. */
async function asked(answers: (number: number) => object) {
  let number = 0
  const server = createServer((_, response) => {
    const body = JSON.stringify(answers(number++))
    response.writeHead(200, { "content-type": "application/json" }).end(body)
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  onTestFinished(() => void server.close())
  const address = server.address()
  if (typeof address !== "object" || address === null) throw new Error("A TCP server has a port")
  return await playRound({
    workload: "userinfo",
    url: `http://127.0.0.1:${address.port}`,
    token: "t",
    keys: "",
    known: { jobs: 1, jobsPerCall: 1, etag: "" },
    essence: { value: right },
    first: 0,
    clients: 1,
    seconds: 0.2,
  })
}

it("right answers are no fault, whatever the order of their members", async () => {
  const { properties, sub } = right
  const { fault, requests } = await asked(() => ({ properties, sub }))
  expect(fault).toBeUndefined()
  expect(requests).toBeGreaterThan(51)
})

it("another content than the reference's stops it", async () => {
  const { fault, requests } = await asked(() => ({ ...right, properties: [] }))
  expect(fault).toContain("wrong content: 200")
  expect(requests).toBe(1)
})

it("a content that goes wrong later is found in a sample", async () => {
  const { fault, requests } = await asked((number) => (number < 10 ? right : {}))
  expect(fault).toContain("wrong content: 200 {}")
  expect(requests).toBe(51)
})
