import * as z from "zod"
import { pingDatabase } from "@spinor/logic/health/ping"
import type { Deps } from "../deps.ts"
import { json } from "../http/answers.ts"
import { openOperation } from "../operation.ts"

interface Health {
  readonly status: string
  /** What does not work as it should, while the service still serves. */
  readonly warnings?: readonly string[]
}

const probe = (name: string, check: (deps: Deps) => Promise<Health>) =>
  openOperation(
    {
      method: "get",
      path: `/api/health/${name}`,
      operationId: `health_${name}`,
      tags: ["health"],
      responses: {
        200: {
          schema: z.object({ status: z.string(), warnings: z.array(z.string()).optional() }),
        },
      },
      hidden: true,
    },
    async ({ deps }) => json(await check(deps)),
  )

async function live({ config }: Deps): Promise<Health> {
  await config.latest()
  return { status: "live" }
}

async function ready(deps: Deps): Promise<Health> {
  await live(deps)
  await pingDatabase(deps.sql)
  const { config, sandboxStore, settings, jobParameters, pilotParameters, pilotLogs } = deps
  const keepsSandboxes = !settings.disabledServices.has("jobs")
  const problems = [
    config.problem?.(),
    keepsSandboxes ? await sandboxStore.problem() : undefined,
    ...[jobParameters, pilotParameters, pilotLogs].map((store) => store.problem()),
  ]
  const warnings = problems.filter((problem) => problem !== undefined)
  return { status: "ready", ...(warnings.length > 0 && { warnings }) }
}

async function startup(deps: Deps): Promise<Health> {
  await ready(deps)
  return { status: "startup complete" }
}

export const health = [probe("live", live), probe("ready", ready), probe("startup", startup)]
