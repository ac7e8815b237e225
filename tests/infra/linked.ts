import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Environment } from "@spinor/core/settings/variables"
import { functionEnvironment } from "../../functions/lambda/environment.ts"
import type { Stage } from "./synthesised.ts"

/** The variables that a function reads, of its own and of what lies beside its code. */
export async function linkedTo(stage: Stage, name: string): Promise<Environment> {
  const built = stage.functions.find((each) => each.name === name)
  const { inputs } = stage.one("aws:lambda/function:Function", `${name}Function`)
  const { variables } = inputs["environment"] as { variables: Record<string, string> }
  const folder = await mkdtemp(join(tmpdir(), "spinor-linked-"))
  try {
    const file = join(folder, "resource.enc")
    await writeFile(file, built?.encrypted ?? "", "base64")
    return functionEnvironment({ ...variables, SST_KEY_FILE: file }, 1)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
