import * as z from "zod"
import { jsonText, notModified } from "../http/answers.ts"
import { cached, conditions } from "../http/cache.ts"
import { anyUser, operation } from "../operation.ts"

const serveConfig = operation(
  {
    method: "get",
    path: "/api/config/",
    operationId: "config_serve_config",
    tags: ["config"],
    headers: conditions,
    responses: { 200: { schema: z.unknown() }, 304: {} },
  },
  anyUser,
  async ({ deps, headers: given }) => {
    const { json, hexsha, modified } = await deps.config.latest()
    const { fresh, headers } = cached({ etag: hexsha, modified }, given)
    if (fresh) return notModified(headers)
    return jsonText(json, 200, headers)
  },
)

export const config = [serveConfig]
