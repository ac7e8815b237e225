import { noContent } from "../http/answers.ts"
import { PilotsLogs } from "@spinor/core/models/pilots"
import { LogSearchParams } from "@spinor/core/models/search"
import { addPilotLogs, searchPilotLogs } from "@spinor/logic/pilots/logs"
import { mustChangePilots, mustReadPilots } from "@spinor/logic/pilots/policy"
import { documentResponses, foundPart, pageOf, searchQuery } from "../http/search.ts"
import { operation } from "../operation.ts"

export const addLogs = operation(
  {
    method: "post",
    path: "/api/pilots/logs",
    operationId: "pilots_add_logs",
    tags: ["pilots", "spinor"],
    json: PilotsLogs,
    errors: [404],
    responses: { 204: {} },
  },
  async ({ json: batches, deps }, user) => await mustChangePilots(deps, user, Object.keys(batches)),
  async ({ json: batches, deps }) => {
    await addPilotLogs(deps, batches)
    return noContent
  },
)

export const searchLogs = operation(
  {
    method: "post",
    path: "/api/pilots/logs/search",
    operationId: "pilots_search_logs",
    tags: ["pilots", "spinor"],
    query: searchQuery,
    json: LogSearchParams,
    bodyOptional: true,
    responses: documentResponses,
  },
  (_, user) => mustReadPilots(user),
  async ({ json: body, query, deps }, user) => {
    const params = body ?? LogSearchParams.parse({})
    const found = await searchPilotLogs(deps, user, params, pageOf(query))
    return foundPart("lines", query, found)
  },
)
