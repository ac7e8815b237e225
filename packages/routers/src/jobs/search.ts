import { SearchParams } from "@spinor/core/models/search"
import { mustQueryJobs } from "@spinor/logic/jobs/policy"
import { searchJobs } from "@spinor/logic/jobs/search"
import { foundPage, pageOf, searchQuery, searchResponses } from "../http/search.ts"
import { operation } from "../operation.ts"

export const search = operation(
  {
    method: "post",
    path: "/api/jobs/search",
    operationId: "jobs_search",
    tags: ["jobs"],
    query: searchQuery,
    json: SearchParams,
    bodyOptional: true,
    responses: searchResponses,
  },
  (_, user) => mustQueryJobs(user),
  async ({ json: body, query, deps }, user) => {
    const found = await searchJobs(deps, user, body ?? SearchParams.parse({}), pageOf(query))
    return foundPage("jobs", query, found)
  },
)
