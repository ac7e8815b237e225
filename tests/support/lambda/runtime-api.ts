import { once } from "node:events"
import { createServer, type ServerResponse } from "node:http"
import { text } from "node:stream/consumers"
import { failureOf, LambdaFailure } from "./failure.ts"

/** Of an answer, in bytes; Lambda takes no more. */
const LARGEST_ANSWER = 6_291_556

/** What a runtime is given to do. */
export interface Invocation {
  readonly id: string
  readonly event: unknown
  /** When it will be killed, in milliseconds of the epoch. */
  readonly deadline: number
}

/** Told of what the runtime of one container says. */
export interface RuntimeListener {
  /** It has nothing to do, and waits for `give`. */
  ready(give: (invocation: Invocation) => void): void
  answered(id: string, answer: unknown): void
  failed(id: string, failure: LambdaFailure): void
  /** The module of the function could not be loaded. */
  failedToStart(failure: LambdaFailure): void
}

/** Lambda's Runtime API of 2018-06-01, as a container of it sees it. */
export interface RuntimeApi {
  /** Host and port. */
  readonly address: string
  close(): void
}

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export async function startRuntimeApi(listener: RuntimeListener): Promise<RuntimeApi> {
  const server = createServer(async (request, response) => {
    const [what, id = "", outcome] = (request.url ?? "").split("/").slice(3)
    if (what === "invocation" && id === "next") {
      return listener.ready((invocation) => send(response, invocation))
    }
    const body = await text(request)
    if (outcome === "response" && Buffer.byteLength(body) > LARGEST_ANSWER) {
      const why = `exceeded maximum allowed payload size (${LARGEST_ANSWER} bytes).`
      reply(response, 413, { errorType: "RequestEntityTooLarge", errorMessage: `Body ${why}` })
      return listener.failed(
        id,
        new LambdaFailure("Function.ResponseSizeTooLarge", `Response payload size ${why}`),
      )
    }
    reply(response, 202, { status: "OK" })
    if (what === "init") listener.failedToStart(failureOf(body))
    else if (outcome === "response") listener.answered(id, JSON.parse(body))
    else listener.failed(id, failureOf(body))
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("A TCP server has a port")
  return {
    address: `127.0.0.1:${address.port}`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

const ARN = "arn:aws:lambda:us-east-1:123456789012:function:test"

const send = (response: ServerResponse, { id, event, deadline }: Invocation) =>
  reply(response, 200, event, {
    "lambda-runtime-aws-request-id": id,
    "lambda-runtime-deadline-ms": String(deadline),
    "lambda-runtime-invoked-function-arn": ARN,
  })

// Without a content type the native part of the runtime client crashes (SIGSEGV).
const reply = (response: ServerResponse, status: number, body: unknown, headers = {}) =>
  response
    .writeHead(status, { "content-type": "application/json", ...headers })
    .end(JSON.stringify(body))
