import * as z from "zod"
import { pingDatabase } from "@spinor/logic/health/ping"
import type { Deps } from "../deps.ts"
import { json } from "../http/answers.ts"
import { openOperation } from "../operation.ts"

const probe = (name: string, status: string, check: (deps: Deps) => Promise<void>) =>
  openOperation(
    {
      method: "get",
      path: `/api/health/${name}`,
      operationId: `health_${name}`,
      tags: ["health"],
      responses: { 200: { schema: z.object({ status: z.string() }) } },
      hidden: true,
    },
    async ({ deps }) => {
      await check(deps)
      return json({ status })
    },
  )

const configured = async ({ config }: Deps): Promise<void> => {
  await config.latest()
}

const reachable = async (deps: Deps): Promise<void> => {
  await configured(deps)
  await pingDatabase(deps.sql)
}

export const health = [
  probe("live", "live", configured),
  probe("ready", "ready", reachable),
  probe("startup", "startup complete", reachable),
]
