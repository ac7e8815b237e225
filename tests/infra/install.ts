import { mkdir, readFile, rename, rm } from "node:fs/promises"
import { homedir } from "node:os"
import { join } from "node:path"
import { runProgram } from "../support/run-program.ts"
import { isPlatformHere, ROOT } from "./synthesis/places.ts"

const HERE = join(ROOT, ".sst")

/** What `sst install` writes, of which the rest of `.sst` belongs to deployments. */
const PARTS = ["platform", "provider-lock.json"]

/** SST's command line brings engines with it otherwise, which only deployments need. */
const ENVIRONMENT = {
  SST_SKIP_DEPENDENCY_CHECK: "1",
  SST_NO_BUN: "1",
  DO_NOT_TRACK: "1",
  AWS_EC2_METADATA_DISABLED: "true",
}

/** Installs SST's components beside sst.config.ts, out of the cache when they were installed before. */
export async function installPlatform(): Promise<void> {
  const version = await versionOf("node_modules/sst/package.json")
  if (isPlatformHere() && (await installedVersion()) === version) return
  const cache = join(
    process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
    `spinor/sst-${version}`,
  )
  try {
    await copy(cache, HERE)
  } catch {
    const env = { ...process.env, ...ENVIRONMENT }
    const program = join(ROOT, "node_modules/.bin/sst")
    await runProgram(program, ["install", "--stage", "check"], { env, cwd: ROOT, timeout: 300_000 })
    await copy(HERE, `${cache}.new`)
    await rename(`${cache}.new`, cache).catch(() => rm(`${cache}.new`, { recursive: true }))
  }
}

/** Ten thousand files: five times as fast as Node is. */
async function copy(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  await runProgram("cp", ["-a", ...PARTS.map((part) => join(from, part)), to])
}

const installedVersion = () =>
  readFile(join(HERE, "platform/version"), "utf8").then((text) => text.trim())

async function versionOf(file: string): Promise<string> {
  return (JSON.parse(await readFile(join(ROOT, file), "utf8")) as { version: string }).version
}
