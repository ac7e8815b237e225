import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { beforeAll, beforeEach } from "vitest"
import { runProgram } from "../support/run-program.ts"
import { laidOpen } from "./secret-mark.ts"
import { isPlatformHere } from "./synthesis/places.ts"
import type { Resource, Synthesis } from "./synthesis/synthesis.ts"

/** What an operator has set; each is known by this word wherever it turns up. */
export const GIVEN_SECRET = "given-secret"

/** A stage as a deployment would make it. */
export interface Stage extends Synthesis {
  of(type: string): Resource[]
  /** The one of the type with a name; without a name, the only one. */
  one(type: string, name?: string): Resource
}

/** Makes a stage before the tests of a suite, which are skipped where SST's components are not installed. */
export function useStage(
  name: string,
  settings: Readonly<Record<string, string>> = {},
): () => Stage {
  let stage: Stage
  beforeAll(async () => {
    if (isPlatformHere()) stage = await synthesise(name, settings)
  }, 120_000)
  beforeEach(({ skip }) => skip(!isPlatformHere(), "SST's components: npm run check:infra"))
  return () => stage
}

async function synthesise(
  name: string,
  settings: Readonly<Record<string, string>>,
): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "spinor-stage-"))
  const secrets = ["Keystore", "StateKey", "ConfigUrl", "DatabaseUrl", "SearchConnection"]
  const env = {
    PATH: process.env["PATH"],
    ...Object.fromEntries(secrets.map((each) => [`SST_SECRET_${each}`, `${GIVEN_SECRET}-${each}`])),
    ...settings,
  }
  try {
    const program = join(import.meta.dirname, "synthesis/main.ts")
    await runProgram(process.execPath, [program, name, folder], { env, timeout: 100_000 })
    const synthesis = JSON.parse(await readFile(join(folder, "stage.json"), "utf8")) as Synthesis
    return withQueries(synthesis)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function withQueries(synthesis: Synthesis): Stage {
  const of = (type: string) =>
    synthesis.resources
      .filter((each) => each.type === type)
      .map((each) => ({ ...each, inputs: laidOpen(each.inputs) as Resource["inputs"] }))
  return {
    ...synthesis,
    of,
    one(type, name) {
      const found = of(type).filter((each) => name === undefined || each.name === name)
      const [only] = found
      if (only === undefined || found.length > 1) {
        throw new Error(`There are ${found.length} of ${type} ${name ?? ""}`)
      }
      return only
    },
  }
}
