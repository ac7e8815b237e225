import { spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { afterAll, beforeAll, onTestFinished } from "vitest"
import { startServer, type Server } from "../support/server.ts"
import { approve } from "./browser.ts"

const MAIN = join(import.meta.dirname, "../../packages/cli/src/main.ts")

export interface Outcome {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Place {
  /** The folder in which the command runs, with the credentials in it. */
  readonly cwd: string
  readonly credentials: string
  readonly env: Record<string, string>
}

/** A folder of its own for one test. */
export async function place(env: Record<string, string> = {}): Promise<Place> {
  const cwd = await mkdtemp(join(tmpdir(), "spinor-cli-"))
  onTestFinished(() => rm(cwd, { recursive: true, force: true }))
  const credentials = join(cwd, "cache/credentials.json")
  return { cwd, credentials, env: { ...env, DIRACX_CREDENTIALS_PATH: credentials } }
}

/** Starts the command as a process, as a shell does. */
export function start({ cwd, env }: Place, args: readonly string[]) {
  const others = Object.entries(process.env).filter(([name]) => !/^(SPINOR|DIRACX)_/.test(name))
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...Object.fromEntries(others), ...env },
  })
  const { promise: ended, resolve } = Promise.withResolvers<number | null>()
  child.on("close", resolve)
  const outcome = Promise.all([ended, text(child.stdout), text(child.stderr)]).then(
    ([code, out, err]): Outcome => ({ code, out, err }),
  )
  return { child, outcome }
}

/** Runs it to its end. */
export async function run(
  where: Place,
  args: readonly string[],
  { stdin = "" }: { stdin?: string } = {},
): Promise<Outcome> {
  const { child, outcome } = start(where, args)
  child.stdin.end(stdin)
  return await outcome
}

/** Runs `login`, with alice at the browser. */
export async function logIn(where: Place, args: readonly string[] = []): Promise<Outcome> {
  const { child, outcome } = start(where, ["login", ...args])
  child.stdin.end()
  let printed = ""
  let approving: Promise<void> | undefined
  child.stdout.on("data", (chunk: Buffer) => {
    printed += chunk.toString()
    const url = /http\S+(?=\s)/.exec(printed)?.[0]
    if (url !== undefined) approving ??= approve(url)
  })
  const ended = await outcome
  await approving
  return ended
}

/** The service in a process of its own, for all tests of a file; its variables are asked for when it starts. */
export function useServer(env: () => Record<string, string> = () => ({})): {
  readonly url: string
} {
  let server: Server | undefined
  let folder = ""
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "spinor-cli-server-"))
    server = await startServer({ SPINOR_DATA_DIR: folder, SPINOR_IDP_APPROVE: "alice", ...env() })
  })
  afterAll(async () => {
    await server?.stop()
    await rm(folder, { recursive: true, force: true })
  })
  return {
    get url() {
      if (server === undefined) throw new Error("The server is used outside of a test")
      return server.url
    },
  }
}
