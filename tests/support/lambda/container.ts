import { spawn } from "node:child_process"
import { randomUUID } from "node:crypto"
import { once } from "node:events"
import { LambdaFailure } from "./failure.ts"
import { openLogFile } from "./log-file.ts"
import { startRuntimeApi, type Invocation, type RuntimeListener } from "./runtime-api.ts"
import { runtimeClient } from "./runtime-client.ts"

/**
 * A function in AWS's own runtime client, as in one container of Lambda: it takes one event at a
 * time, is frozen between them (SIGSTOP), and killed when one takes too long.
 */
export interface Lambda {
  readonly pid: number | undefined
  /** Gives the function's answer when the container is being frozen again; rejects with a LambdaFailure. */
  invoke(event: unknown): Promise<unknown>
  /** Whether it takes no more events, as it was killed or has ended. */
  isBroken(): boolean
  /** What the function has printed until now. */
  log(): string
  stop(): Promise<void>
}

export interface LambdaOptions {
  /** Where the function's files are. */
  readonly folder: string
  /** "<file without ending>.<export>". */
  readonly handler: string
  readonly env: Readonly<Record<string, string>>
  /** For one event, in milliseconds; 29 s unless told. */
  readonly timeoutMs?: number
}

interface UnderWay extends PromiseWithResolvers<unknown>, Pick<Invocation, "id" | "event"> {
  /** What the runtime said of it; settles the promise when the container is frozen. */
  settle?: () => void
  timer?: NodeJS.Timeout
}

/** Spawns the function; it takes its first event when it has started. */
export async function startLambda(options: LambdaOptions): Promise<Lambda> {
  const { timeoutMs = 29_000 } = options
  let giveNext: ((invocation: Invocation) => void) | undefined
  let current: UnderWay | undefined
  /** Why the container takes no more events. */
  let broken: LambdaFailure | undefined

  const begin = () => {
    if (giveNext === undefined || current === undefined) return
    child.kill("SIGCONT")
    current.timer = setTimeout(timeOut, timeoutMs)
    giveNext({ id: current.id, event: current.event, deadline: Date.now() + timeoutMs })
    giveNext = undefined
  }
  const end = (settle: (() => void) | undefined) => {
    clearTimeout(current?.timer)
    current = undefined
    settle?.()
  }
  const breakDown = (failure: LambdaFailure) => {
    broken ??= failure
    child.kill("SIGKILL")
    end(current?.settle ?? current?.reject.bind(undefined, broken))
  }
  const timeOut = () => {
    const seconds = (timeoutMs / 1000).toFixed(2)
    breakDown(new LambdaFailure("Sandbox.Timedout", `Task timed out after ${seconds} seconds`))
  }

  const listener: RuntimeListener = {
    ready(give) {
      giveNext = give
      if (current !== undefined && current.settle === undefined) return begin()
      child.kill("SIGSTOP")
      end(current?.settle)
    },
    answered(id, answer) {
      if (current?.id === id) current.settle = current.resolve.bind(undefined, answer)
    },
    failed(id, failure) {
      if (current?.id === id) current.settle = current.reject.bind(undefined, failure)
    },
    failedToStart: breakDown,
  }
  const api = await startRuntimeApi(listener)
  const log = openLogFile()
  const child = spawnFunction(options, {
    client: await runtimeClient(),
    runtimeApi: api.address,
    log: log.descriptor,
  })
  const ended = once(child, "exit")
  child.once("exit", (status, signal) => {
    const how = signal === null ? `exit status ${status}` : `signal: ${signal}`
    breakDown(new LambdaFailure("Runtime.ExitError", `Runtime exited with error: ${how}`))
  })

  return {
    pid: child.pid,
    async invoke(event) {
      if (broken !== undefined) throw broken
      if (current !== undefined) throw new Error("A container takes one event at a time")
      const invocation = { id: randomUUID(), event, ...Promise.withResolvers<unknown>() }
      current = invocation
      begin()
      return await invocation.promise
    },
    isBroken: () => broken !== undefined,
    log: () => log.read(),
    async stop() {
      child.kill("SIGKILL")
      api.close()
      await ended
      log.close()
    },
  }
}

const spawnFunction = (
  { folder, handler, env }: LambdaOptions,
  { client, runtimeApi, log }: { client: string; runtimeApi: string; log: number },
) =>
  spawn(process.execPath, [client, handler], {
    cwd: folder,
    stdio: ["ignore", log, log],
    env: {
      PATH: process.env["PATH"],
      TZ: ":UTC",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
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
