import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import { connect } from "node:net"
import { homedir } from "node:os"
import { join } from "node:path"
import { runProgram } from "../run-program.ts"
import { findProgram } from "./debian.ts"
import type { Service } from "./service.ts"

/** Where the collector of a folder writes what it received, a line of JSON for each request. */
export const receivedFile = (folder: string): string => join(folder, "received.jsonl")

/** The token that it asks for. */
export const COLLECTOR_TOKEN = "test"

/** Built once a machine: it takes a minute. */
const program = join(
  process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
  "spinor/collector-0.162.0",
)

const config = (folder: string, port: number) => ({
  extensions: { bearertokenauth: { token: COLLECTOR_TOKEN } },
  receivers: {
    otlp: {
      protocols: {
        grpc: { endpoint: `127.0.0.1:${port}`, auth: { authenticator: "bearertokenauth" } },
        http: { endpoint: `127.0.0.2:${port}`, auth: { authenticator: "bearertokenauth" } },
      },
    },
  },
  exporters: { file: { path: receivedFile(folder), flush_interval: "10ms" } },
  service: {
    extensions: ["bearertokenauth"],
    telemetry: { metrics: { level: "none" } },
    pipelines: Object.fromEntries(
      ["traces", "logs", "metrics"].map((signal) => [
        signal,
        { receivers: ["otlp"], exporters: ["file"] },
      ]),
    ),
  },
})

/** A collector of OpenTelemetry: OTLP over gRPC on 127.0.0.1, over HTTP on 127.0.0.2. */
export const collector: Service = {
  name: "Collector",
  variable: "SPINOR_TEST_OTLP_URL",
  stopSignal: "SIGTERM",

  url(port) {
    return `http://127.0.0.1:${port}`
  },

  async install() {
    if (existsSync(program)) return
    const go = await findProgram("go")
    if (go === undefined) throw new Error("Go is not installed; it builds the collector")
    await runProgram(go, ["build", "-trimpath", "-ldflags=-s -w", "-o", program, "."], {
      cwd: join(import.meta.dirname, "collector"),
      env: { ...process.env, CGO_ENABLED: "0" },
    })
  },

  async spawn({ folder, port, log }) {
    const file = join(folder, "config.yaml")
    await writeFile(file, JSON.stringify(config(folder, port)))
    return spawn(program, ["--config", file], {
      cwd: folder,
      detached: true,
      stdio: ["ignore", log, log],
    })
  },

  async probe(url) {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    await once(socket, "connect")
    socket.destroy()
  },
}
