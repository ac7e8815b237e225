import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdir } from "node:fs/promises"
import { homedir } from "node:os"
import { join } from "node:path"
import { runProgram } from "../run-program.ts"
import { findProgram } from "./debian.ts"
import type { Service } from "./service.ts"

const MODULE = "github.com/versity/versitygw/cmd/versitygw@v1.8.0"

/** Built once a machine: it takes two minutes. */
const folder = join(
  process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
  "spinor/versitygw-1.8.0",
)

/** An S3 server that holds to the conditions of a POST policy, unlike most that are made for tests. */
export const versitygw: Service = {
  name: "S3",
  variable: "SPINOR_TEST_S3_URL",
  stopSignal: "SIGTERM",

  url(port) {
    return `http://test:testtest@127.0.0.1:${port}`
  },

  async install() {
    if (existsSync(join(folder, "versitygw"))) return
    const go = await findProgram("go")
    if (go === undefined) throw new Error(`Go is not installed; it builds ${MODULE}`)
    await runProgram(go, ["install", "-trimpath", "-ldflags=-s -w", MODULE], {
      env: { ...process.env, GOBIN: folder, CGO_ENABLED: "0" },
    })
  },

  async spawn({ folder: place, port, log }) {
    const [data, attributes] = [join(place, "data"), join(place, "attributes")]
    await Promise.all([mkdir(data), mkdir(attributes)])
    const options = ["--port", `127.0.0.1:${port}`, "--access", "test", "--secret", "testtest"]
    // Not every file system has attributes for files of users.
    const storage = ["posix", "--sidecar", attributes, data]
    return spawn(join(folder, "versitygw"), [...options, "--quiet", ...storage], {
      cwd: place,
      detached: true,
      stdio: ["ignore", log, log],
    })
  },

  async probe(url) {
    await fetch(new URL(url).origin, { signal: AbortSignal.timeout(1000) })
  },
}
