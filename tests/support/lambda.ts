import { spawn } from "node:child_process"
import { randomUUID } from "node:crypto"
import { once } from "node:events"
import { createServer, type Server, type ServerResponse } from "node:http"
import { text } from "node:stream/consumers"

/** A function in AWS's own runtime client, fed by a Runtime API of ours, as in one container of Lambda. */
export interface Lambda {
  /** Gives the function's answer; rejects when the function fails or its process ends. */
  invoke(event: unknown): Promise<unknown>
  stop(): Promise<void>
}

export interface LambdaOptions {
  /** The main module of the package aws-lambda-ric. */
  readonly runtimeClient: string
  /** Where the function's files are. */
  readonly folder: string
  /** "<file without ending>.<export>". */
  readonly handler: string
  readonly env: Readonly<Record<string, string>>
}

interface Invocation extends PromiseWithResolvers<unknown> {
  readonly id: string
  readonly event: unknown
}

/** Spawns the function; it takes its first event when it has started. */
export async function startLambda(options: LambdaOptions): Promise<Lambda> {
  const waiting: Invocation[] = []
  const underWay = new Map<string, Invocation>()
  let idle: ServerResponse | undefined

  const next = () => {
    const invocation = idle && waiting.shift()
    if (idle === undefined || invocation === undefined) return
    underWay.set(invocation.id, invocation)
    // Without a content type the native part of the runtime client crashes (SIGSEGV).
    idle.writeHead(200, {
      "content-type": "application/json",
      "lambda-runtime-aws-request-id": invocation.id,
      "lambda-runtime-deadline-ms": String(Date.now() + 30_000),
      "lambda-runtime-invoked-function-arn": "arn:aws:lambda:us-east-1:123456789012:function:test",
    })
    idle.end(JSON.stringify(invocation.event))
    idle = undefined
  }

  let broken: string | undefined
  const failAll = (reason: string) => {
    broken ??= reason
    for (const { reject } of [...waiting, ...underWay.values()]) reject(new Error(reason))
  }

  // The Runtime API of 2018-06-01: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
  const server = createServer(async (request, response) => {
    const [what, id = "", outcome] = (request.url ?? "").split("/").slice(3)
    if (what === "invocation" && id === "next") {
      idle = response
      return next()
    }
    const body = await text(request)
    response.writeHead(202, { "content-type": "application/json" }).end('{"status":"OK"}')
    if (what === "init") return failAll(body)
    if (outcome === "response") underWay.get(id)?.resolve(JSON.parse(body))
    else underWay.get(id)?.reject(new Error(body))
    underWay.delete(id)
  })
  const child = spawnFunction(options, await listen(server))
  const ended = once(child, "exit").then(() => failAll("The function's process has ended"))

  return {
    invoke(event) {
      if (broken !== undefined) return Promise.reject(new Error(broken))
      const invocation = { id: randomUUID(), event, ...Promise.withResolvers<unknown>() }
      waiting.push(invocation)
      next()
      return invocation.promise
    },
    async stop() {
      child.kill("SIGKILL")
      server.closeAllConnections()
      server.close()
      await ended
    },
  }
}

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("A TCP server has a port")
  return `127.0.0.1:${address.port}`
}

const spawnFunction = (
  { runtimeClient, folder, handler, env }: LambdaOptions,
  runtimeApi: string,
) =>
  spawn(process.execPath, [runtimeClient, handler], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      PATH: process.env["PATH"],
      TZ: ":UTC",
      AWS_LAMBDA_RUNTIME_API: runtimeApi,
      AWS_LAMBDA_FUNCTION_NAME: "test",
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1024",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/test",
      AWS_LAMBDA_LOG_STREAM_NAME: "test",
      AWS_REGION: "us-east-1",
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: handler,
      ...env,
    },
  })

/** A GET request as an HTTP API gives it to a function (payload format 2.0). */
export const httpGet = (path: string) => ({
  version: "2.0",
  routeKey: "$default",
  rawPath: path,
  rawQueryString: "",
  headers: { host: "api.example.org", "user-agent": "test" },
  requestContext: {
    accountId: "123456789012",
    apiId: "api",
    domainName: "api.example.org",
    domainPrefix: "api",
    http: { method: "GET", path, protocol: "HTTP/1.1", sourceIp: "203.0.113.9", userAgent: "test" },
    requestId: "test",
    routeKey: "$default",
    stage: "$default",
    time: "01/Jan/2026:00:00:00 +0000",
    timeEpoch: 1_767_225_600_000,
  },
  isBase64Encoded: false,
})
