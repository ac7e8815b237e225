import { cp, readFile, rm } from "node:fs/promises"
import { join } from "node:path"
import { runProgram } from "../support/run-program.ts"
import { needsAll } from "../support/servers.ts"
import { findProgram, installPackages } from "../support/services/debian.ts"
import { RUN_FOLDER } from "../support/services/record.ts"

const VENV = join(RUN_FOLDER, "venv")
const REQUIREMENTS = join(import.meta.dirname, "requirements.txt")
/** A copy of the requirements that the environment fulfils: written last. */
const INSTALLED = join(VENV, "requirements.txt")

/** The bin folder of a virtual environment with the official client; made when it is not there yet. */
export async function officialClientBin(): Promise<string> {
  const bin = join(VENV, "bin")
  if ((await text(INSTALLED)) === (await text(REQUIREMENTS))) return bin
  await rm(VENV, { recursive: true, force: true })
  await runProgram(await findPython(), ["-m", "venv", VENV])
  await runProgram(join(bin, "pip"), ["install", "--quiet", "--requirement", REQUIREMENTS])
  await cp(REQUIREMENTS, INSTALLED)
  return bin
}

const text = (path: string) => readFile(path, "utf8").catch(() => undefined)

/** A Python of a version that the client supports, able to make environments. */
async function findPython(): Promise<string> {
  for (const name of ["python3", "python3.13", "python3.12", "python3.11"]) {
    const python = await findProgram(name)
    if (python === undefined || !(await succeeds(python, SUPPORTED))) continue
    if (!(await succeeds(python, "import ensurepip"))) await provide("python3-venv")
    return python
  }
  throw new Error("There is no Python 3.11, 3.12 or 3.13")
}

const SUPPORTED = "import sys; assert (3, 11) <= sys.version_info < (3, 14)"

const succeeds = (python: string, code: string): Promise<boolean> =>
  runProgram(python, ["-c", code]).then(
    () => true,
    () => false,
  )

/** Plain `npm test` installs nothing on the machine; where all must run, as in CI, it does. */
async function provide(debianPackage: string): Promise<void> {
  if (!needsAll()) throw new Error(`Install ${debianPackage}`)
  await installPackages(debianPackage)
}

/** The command-line checks play the browser with curl. */
export async function provideCurl(): Promise<void> {
  if ((await findProgram("curl")) === undefined) await provide("curl")
}
