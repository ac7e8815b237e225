import { join } from "node:path"
import { beforeAll, type TestContext } from "vitest"
import { providePackages } from "./provide-packages.ts"
import { environmentFolder, makeEnvironment } from "./python-environment.ts"
import { needsAll } from "./servers.ts"
import { findProgram } from "./services/debian.ts"

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
  const folder = environmentFolder(name)
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
