import { expect, it, onTestFinished } from "vitest"
import { askBySqs } from "@spinor/logic/messages/sqs"
import { QUEUE_REGION, startMessageQueue } from "../../support/message-queue.ts"

async function freshQueue() {
  const queue = await startMessageQueue()
  onTestFinished(() => queue.close())
  return queue
}

it("a message names a task, and waits as long as is asked", async () => {
  const queue = await freshQueue()
  await queue.ask("now")
  await queue.ask("later", 60)
  expect(queue.held()).toEqual({ ready: ['{"task":"now"}'], delayed: ['{"task":"later"}'] })
})

it("a signature that is not taken fails, without a secret", async () => {
  const queue = await freshQueue()
  const credentials = { ...queue.credentials, secretAccessKey: "wrong" }
  const ask = askBySqs({ url: queue.url, region: QUEUE_REGION, credentials: () => credentials })
  await expect(ask("now")).rejects.toThrow(/^The queue of messages answers 403$/)
  expect(queue.held()).toEqual({ ready: [], delayed: [] })
})

it("a queue that does not answer fails, without an address", async () => {
  const credentials = () => ({ accessKeyId: "a", secretAccessKey: "b", sessionToken: undefined })
  const ask = askBySqs({ url: "http://127.0.0.1:1/1/q", region: QUEUE_REGION, credentials })
  await expect(ask("now")).rejects.toThrow(/^The queue of messages does not answer$/)
})
