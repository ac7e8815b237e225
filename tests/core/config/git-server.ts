import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"
import { onTestFinished } from "vitest"
import { initConfig } from "@spinor/core/config/commit"
import { CONFIG_FILE } from "@spinor/core/config/git-repository"
import { instant } from "@spinor/core/instant"
import { runProgram } from "../../support/run-program.ts"

/** Whether this machine has a git server. */
export const hasGitServer = await runProgram("git", ["http-backend"]).then(
  () => true,
  () => false,
)

export const START = instant("2026-11-21T08:00:00Z")

export const USER = "robot"
/** With characters that a URL has percent-encoded. */
export const TOKEN = "s3cr@t/t:ken"
export const AUTHORIZATION = `Basic ${Buffer.from(`${USER}:${TOKEN}`).toString("base64")}`

/** A configuration's repository, and a real git server in front of it, for the length of a test. */
export async function gitServer(text: string, { secured = false, branch = "master" } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "spinor-git-server-"))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const repository = join(folder, "config.git")
  const commit = await initConfig(repository, text, {
    message: "Begin",
    clock: () => START,
    branch,
  })

  const requests: string[] = []
  let mode: "open" | "hanging" | "echoing" = "open"
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    if (mode === "hanging") return
    if (mode === "echoing") {
      response.writeHead(500).end(request.headers.authorization)
    } else if (secured && request.headers.authorization !== AUTHORIZATION) {
      response.writeHead(401, { "www-authenticate": "Basic" }).end()
    } else if (request.url?.startsWith("/moved")) {
      response.writeHead(301, { location: request.url.replace("/moved", "/config.git") }).end()
    } else if (request.url?.startsWith("/elsewhere")) {
      response
        .writeHead(301, {
          location: `http://localhost:${port}/config.git/info/refs?service=git-upload-pack`,
        })
        .end()
    } else {
      backend(repository, request, response)
    }
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  const stop = async () => {
    if (!server.listening) return
    server.close()
    server.closeAllConnections()
    await once(server, "close")
  }
  onTestFinished(stop)

  const git = (...words: string[]) =>
    runProgram("git", ["-c", "user.name=A", "-c", "user.email=a@b", ...words], { cwd: repository })

  return {
    port,
    folder: repository,
    commit,
    requests,
    stop,
    hang: (hanging: boolean) => (mode = hanging ? "hanging" : "open"),
    /** From now on it answers with an error that repeats the credentials. */
    echo: () => void (mode = "echoing"),
    git,
    /** Commits a content of the file that nobody has checked. */
    async write(content: string) {
      await writeFile(join(repository, CONFIG_FILE), content)
      await git("commit", "-q", "-a", "-m", "Change")
      return (await git("rev-parse", "HEAD")).trim()
    },
    url: (path = "config.git", credentials = "") =>
      `git+http://${credentials}127.0.0.1:${port}/${path}`,
  }
}

/** Speaks CGI with git's own server. */
function backend(repository: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "", "http://localhost")
  const child = spawn("git", ["http-backend"], {
    env: {
      ...process.env,
      GIT_PROJECT_ROOT: dirname(repository),
      GIT_HTTP_EXPORT_ALL: "1",
      REQUEST_METHOD: request.method,
      PATH_INFO: url.pathname.replace(/^\/config\.git/, `/${basename(repository)}/.git`),
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      REMOTE_USER: "",
      REMOTE_ADDR: "127.0.0.1",
    },
  })
  request.pipe(child.stdin)
  child.stdin.on("error", () => undefined)
  const chunks: Buffer[] = []
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk))
  child.on("close", () => {
    const answer = Buffer.concat(chunks)
    const end = answer.indexOf("\r\n\r\n")
    const headers = new Map(
      answer
        .subarray(0, end)
        .toString()
        .split("\r\n")
        .map((line) => {
          const [name = "", value = ""] = line.split(": ")
          return [name.toLowerCase(), value]
        }),
    )
    const status = Number.parseInt(headers.get("status") ?? "200", 10)
    headers.delete("status")
    response.writeHead(status, Object.fromEntries(headers)).end(answer.subarray(end + 4))
  })
}
