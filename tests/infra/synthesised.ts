import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { beforeAll, beforeEach } from "vitest"
import { runProgram } from "../support/run-program.ts"
import { laidOpen } from "./secret-mark.ts"
import { environmentOf, type StageName } from "./stages.ts"
import { isPlatformHere } from "./synthesis/places.ts"
import type { Resource, Synthesis } from "./synthesis/synthesis.ts"

/** A stage as a deployment would make it. */
export interface Stage extends Synthesis {
  of(type: string): Resource[]
  /** The one of the type with a name; without a name, the only one. */
  one(type: string, name?: string): Resource
}

/** Stages that were made already: one of them takes seconds, and all files of the suite share them. */
const made = new Map<StageName, Promise<Stage>>()

/** Makes a stage before the tests of a suite, which are skipped where SST's components are not installed. */
export function useStage(name: StageName): () => Stage {
  let stage: Stage
  beforeAll(async () => {
    if (!isPlatformHere()) return
    const making = made.get(name) ?? synthesise(name)
    made.set(name, making)
    stage = await making
  }, 120_000)
  beforeEach(({ skip }) => skip(!isPlatformHere(), "SST's components: npm run check:infra"))
  return () => stage
}

async function synthesise(name: StageName): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "spinor-stage-"))
  try {
    const program = join(import.meta.dirname, "synthesis/main.ts")
    const options = { env: environmentOf(name), timeout: 100_000 }
    await runProgram(process.execPath, [program, name, folder], options)
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
