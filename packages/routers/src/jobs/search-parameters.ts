import { DocumentSearchParams } from "@spinor/core/models/search"
import { mustQueryJobs } from "@spinor/logic/jobs/policy"
import { searchJobParameters } from "@spinor/logic/jobs/search-parameters"
import { documentResponses, foundPart, pageOf, searchQuery } from "../http/search.ts"
import { operation } from "../operation.ts"

export const searchParameters = operation(
  {
    method: "post",
    path: "/api/jobs/parameters/search",
    operationId: "jobs_search_parameters",
    tags: ["jobs", "spinor"],
    query: searchQuery,
    json: DocumentSearchParams,
    bodyOptional: true,
    responses: documentResponses,
  },
  (_, user) => mustQueryJobs(user),
  async ({ json: body, query, deps }, user) => {
    const params = body ?? DocumentSearchParams.parse({})
    const found = await searchJobParameters(deps, user, params, pageOf(query))
    return foundPart("jobs", query, found)
  },
)
