import { existsSync } from "node:fs"
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { runProgram } from "../support/run-program.ts"
import { findProgram, installPackages } from "../support/services/debian.ts"
import { RUN_FOLDER } from "../support/services/record.ts"

const FOLDER = join(RUN_FOLDER, "lambda-runtime-client")
const MANIFEST = {
  private: true,
  dependencies: { "aws-lambda-ric": "4.0.2" },
  allowScripts: { "aws-lambda-ric": true },
}

/**
 * The main module of Lambda's runtime client for Node. It is no dependency of ours, because it is
 * compiled when installed, which takes 40 s and a compiler: it is installed when first asked for.
 */
export async function runtimeClient(): Promise<string> {
  const folder = join(FOLDER, "node_modules/aws-lambda-ric")
  if (!existsSync(join(folder, "rapid-client.node"))) {
    console.error("aws-lambda-ric is being installed and compiled, once: this takes a minute")
    const tools = await Promise.all(["cmake", "g++", "make", "xz"].map(findProgram))
    if (tools.includes(undefined)) await installPackages("cmake", "g++", "make", "xz-utils")
    await mkdir(FOLDER, { recursive: true })
    await writeFile(join(FOLDER, "package.json"), JSON.stringify(MANIFEST))
    await runProgram("npm", ["install", "--prefix", FOLDER], { cwd: FOLDER })
  }
  return join(folder, "index.mjs")
}
