import { cp, readFile, rm } from "node:fs/promises"
import { join } from "node:path"
import { beforeAll, type TestContext } from "vitest"
import { providePackages } from "./provide-packages.ts"
import { runProgram } from "./run-program.ts"
import { needsAll } from "./servers.ts"
import { findProgram } from "./services/debian.ts"
import { RUN_FOLDER } from "./services/record.ts"

const MINUTES = 60_000

/** Programs in Python that a suite runs; one that this machine lacks skips the tests, and fails CI. */
export interface PythonPrograms {
  /** The folder with them. */
  readonly bin: string
  readonly skipWithout: (test: TestContext) => void
}

/**
 * Makes a virtual environment for a suite, when it is not there yet.
 * @param name what it holds, in words for people
 * @param requirements path of a requirements.txt
 */
export function usePythonPrograms(
  name: string,
  requirements: string,
  debianPackages: readonly string[] = [],
): PythonPrograms {
  const folder = join(RUN_FOLDER, `venv ${name}`.replaceAll(/\W+/g, "-"))
  let missing: string | undefined
  beforeAll(async () => {
    try {
      await makeEnvironment(folder, requirements)
      for (const each of debianPackages) {
        if ((await findProgram(each)) === undefined) await providePackages(each)
      }
    } catch (error) {
      if (needsAll() || !(error instanceof Error)) throw error
      missing = `${name}: ${error.message.split("\n", 1)[0]}`
    }
  }, 5 * MINUTES)
  return {
    bin: join(folder, "bin"),
    skipWithout: ({ skip }) => skip(missing !== undefined, missing),
  }
}

async function makeEnvironment(folder: string, requirements: string): Promise<void> {
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
