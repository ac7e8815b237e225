import { join } from "node:path"
import { expect, it } from "vitest"
import { usePythonPrograms } from "../support/python.ts"
import { runProgram } from "../support/run-program.ts"

const { bin, skipWithout } = usePythonPrograms(
  "hadolint",
  join(import.meta.dirname, "requirements.txt"),
)

it("the Containerfile is as the linter wants it", async (context) => {
  skipWithout(context)
  const file = join(import.meta.dirname, "../../Containerfile")
  expect(await runProgram(join(bin, "hadolint"), [file])).toBe("")
})
