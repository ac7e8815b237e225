import { existsSync } from "node:fs"
import { mkdir, rename, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { withProcessLock } from "../process-lock.ts"
import { providePackages } from "../provide-packages.ts"
import { runProgram } from "../run-program.ts"
import { needsAll } from "../servers.ts"
import { findProgram } from "../services/debian.ts"
import { RUN_FOLDER } from "../services/record.ts"

const FOLDER = join(RUN_FOLDER, "lambda-runtime-client")
const MANIFEST = {
  private: true,
  dependencies: { "aws-lambda-ric": "4.0.2" },
  allowScripts: { "aws-lambda-ric": true },
}

/** Whether the runtime client is there already. */
export const isInstalled = (): boolean => existsSync(FOLDER)

/**
 * The main module of Lambda's runtime client for Node. It is no dependency of ours, because it is
 * compiled when installed, which takes 40 s and a compiler: it is installed when first asked for.
 */
export async function runtimeClient(): Promise<string> {
  if (!isInstalled()) {
    await mkdir(RUN_FOLDER, { recursive: true })
    await withProcessLock(`${FOLDER}.lock`, async () => {
      if (!isInstalled()) await install()
    })
  }
  return join(FOLDER, "node_modules/aws-lambda-ric/index.mjs")
}

/**
 * Whether functions run here: the client is there, or can be installed, or its absence shall be a
 * failure. To be asked before suites are described, as no hook has the time.
 */
export const lambdaRunsHere = (): Promise<boolean> =>
  runtimeClient().then(
    () => true,
    (error: unknown) => {
      if (needsAll()) throw error
      return false
    },
  )

async function install(): Promise<void> {
  const tools = await Promise.all(["cmake", "g++", "make", "xz"].map(findProgram))
  if (tools.includes(undefined)) await providePackages("cmake", "g++", "make", "xz-utils")
  console.error("aws-lambda-ric is being installed and compiled, once: this takes a minute")
  const unfinished = `${FOLDER}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished)
  await writeFile(join(unfinished, "package.json"), JSON.stringify(MANIFEST))
  await runProgram("npm", ["install", "--prefix", unfinished], { cwd: unfinished })
  await rename(unfinished, FOLDER)
}
