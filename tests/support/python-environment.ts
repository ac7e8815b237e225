import { cp, readFile, rm } from "node:fs/promises"
import { join } from "node:path"
import { providePackages } from "./provide-packages.ts"
import { runProgram } from "./run-program.ts"
import { findProgram } from "./services/debian.ts"
import { RUN_FOLDER } from "./services/record.ts"

/** Where the virtual environment of this name lies, made or not. */
export const environmentFolder = (name: string): string =>
  join(RUN_FOLDER, `venv ${name}`.replaceAll(/\W+/g, "-"))

/**
 * Makes a virtual environment, when it is not there yet.
 * @param requirements path of a requirements.txt
 */
export async function makeEnvironment(folder: string, requirements: string): Promise<void> {
  /** A copy of the requirements that the environment fulfils: written last. */
  const installed = join(folder, "requirements.txt")
  if ((await text(installed)) === (await text(requirements))) return
  await rm(folder, { recursive: true, force: true })
  await runProgram(await findPython(), ["-m", "venv", folder])
  const install = ["install", "--quiet", "--requirement", requirements]
  await runProgram(join(folder, "bin/pip"), install)
  await cp(requirements, installed)
}

const text = (path: string) => readFile(path, "utf8").catch(() => undefined)

/** A Python of a version that the programs support, able to make environments. */
async function findPython(): Promise<string> {
  for (const name of ["python3", "python3.13", "python3.12", "python3.11"]) {
    const python = await findProgram(name)
    if (python === undefined || !(await succeeds(python, SUPPORTED))) continue
    if (!(await succeeds(python, "import ensurepip"))) await providePackages("python3-venv")
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
