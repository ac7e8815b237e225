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
  const problem = deps.config.problem?.()
  return { status: "ready", ...(problem !== undefined && { warnings: [problem] }) }
}

async function startup(deps: Deps): Promise<Health> {
  await ready(deps)
  return { status: "startup complete" }
}

export const health = [probe("live", live), probe("ready", ready), probe("startup", startup)]
