import { noContent } from "../http/answers.ts"
import { PilotsParameters } from "@spinor/core/models/pilots"
import { DocumentSearchParams } from "@spinor/core/models/search"
import { searchPilotParameters, updatePilotParameters } from "@spinor/logic/pilots/parameters"
import { mustChangePilots, mustReadPilots } from "@spinor/logic/pilots/policy"
import { documentResponses, foundPart, pageOf, searchQuery } from "../http/search.ts"
import { operation } from "../operation.ts"

export const updateParameters = operation(
  {
    method: "patch",
    path: "/api/pilots/parameters",
    operationId: "pilots_update_parameters",
    tags: ["pilots", "spinor"],
    json: PilotsParameters,
    errors: [404],
    responses: { 204: {} },
  },
  async ({ json: updates, deps }, user) => await mustChangePilots(deps, user, Object.keys(updates)),
  async ({ json: updates, deps }) => {
    await updatePilotParameters(deps, updates)
    return noContent
  },
)

export const searchParameters = operation(
  {
    method: "post",
    path: "/api/pilots/parameters/search",
    operationId: "pilots_search_parameters",
    tags: ["pilots", "spinor"],
    query: searchQuery,
    json: DocumentSearchParams,
    bodyOptional: true,
    responses: documentResponses,
  },
  (_, user) => mustReadPilots(user),
  async ({ json: body, query, deps }, user) => {
    const params = body ?? DocumentSearchParams.parse({})
    const found = await searchPilotParameters(deps, user, params, pageOf(query))
    return foundPart("pilots", query, found)
  },
)
