import { randomUUID } from "node:crypto"
import { startFauxqs } from "fauxqs"
import { askBySqs, type AskForTask } from "@spinor/logic/messages/sqs"
import { startSigv4Proxy } from "./stand-ins/sigv4-proxy.ts"

/** A queue that speaks as Amazon SQS does, behind a proxy that checks signatures as AWS does. */
export interface TestQueue {
  readonly url: string
  /** With which messages must be signed. */
  readonly credentials: typeof CREDENTIALS
  readonly ask: AskForTask
  /** The messages that it holds: those that may be read now, and those that wait. */
  held(): { ready: string[]; delayed: string[] }
  close(): Promise<void>
}

export const QUEUE_REGION = "eu-central-1"
const CREDENTIALS = { accessKeyId: "AKID", secretAccessKey: "secret", sessionToken: "lent" }

export async function startMessageQueue(): Promise<TestQueue> {
  const server = await startFauxqs({ port: 0, logger: false, defaultRegion: QUEUE_REGION })
  const name = `tasks-${randomUUID()}`
  server.createQueue(name)
  const identity = { ...CREDENTIALS, region: QUEUE_REGION, service: "sqs" }
  const proxy = await startSigv4Proxy(server.address, identity)
  const url = `${proxy.url}/000000000000/${name}`
  return {
    url,
    credentials: CREDENTIALS,
    ask: askBySqs({ url, region: QUEUE_REGION, credentials: () => CREDENTIALS }),
    held() {
      const { ready = [], delayed = [] } = server.inspectQueue(name)?.messages ?? {}
      const bodies = (messages: readonly { body: string }[]) => messages.map(({ body }) => body)
      return { ready: bodies(ready), delayed: bodies(delayed) }
    },
    async close() {
      proxy.close()
      await server.stop()
    },
  }
}
