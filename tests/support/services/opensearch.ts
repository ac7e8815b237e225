import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises"
import { homedir } from "node:os"
import { dirname, join } from "node:path"
import { runProgram } from "../run-program.ts"
import { findProgram, installPackages, program } from "./debian.ts"
import type { Service } from "./service.ts"

const PROJECT = join(import.meta.dirname, "opensearch/pom.xml")

/** Built once a machine, with what it loads from Maven Central. */
const built = join(
  process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
  "spinor/opensearch-2.19.6",
)

/** A real node of OpenSearch, without the plug-in that asks for credentials. */
export const opensearch: Service = {
  name: "OpenSearch",
  variable: "SPINOR_TEST_OPENSEARCH_URL",
  // The data are thrown away, or a test wants to see what a crash leaves of them.
  stopSignal: "SIGKILL",

  url(port) {
    return `http://127.0.0.1:${port}`
  },

  async install() {
    const isBuilt = existsSync(built)
    const wanted = isBuilt ? ["java"] : ["java", "javac", "mvn"]
    const found = await Promise.all(wanted.map(findProgram))
    if (found.includes(undefined)) await installPackages("maven", "default-jdk-headless")
    if (!isBuilt) await build()
  },

  async spawn({ folder, port, log }) {
    const heap = ["-Xms512m", "-Xmx512m", "-XX:+UseSerialGC"]
    const classes = `${join(built, "classes")}:${join(built, "lib/*")}`
    return spawn(
      await program("java"),
      [...heap, "-Dlog4j2.disableJmx=true", "-cp", classes, "SingleNode", folder, String(port)],
      { cwd: folder, detached: true, stdio: ["ignore", log, log] },
    )
  },

  async probe(url) {
    const health = new URL("/_cluster/health?wait_for_status=yellow&timeout=5s", url)
    const { status } = await fetch(health, { signal: AbortSignal.timeout(6000) })
    if (status !== 200) throw new Error(`The cluster's health is a ${status}`)
  },
}

/** Builds beside the place and moves it there when it is whole. */
async function build(): Promise<void> {
  await mkdir(dirname(built), { recursive: true })
  const target = await mkdtemp(`${built}-`)
  try {
    const options = ["--quiet", "--batch-mode", "--file", PROJECT, `-Dtarget=${target}`]
    await runProgram(await program("mvn"), [...options, "process-classes"])
    await rename(target, built)
  } catch (error) {
    await rm(target, { recursive: true, force: true })
    // Another checkout was faster: a folder that is not empty is not replaced.
    if (!existsSync(built)) throw error
  }
}
