import * as z from "zod"
import { SearchParams, SummaryParams } from "@spinor/core/models/search"
import { mustReadPilots } from "@spinor/logic/pilots/policy"
import { searchPilots, summarizePilots } from "@spinor/logic/pilots/search"
import { foundPage, pageOf, searchQuery, searchResponses, summarized } from "../http/search.ts"
import { operation } from "../operation.ts"

export const search = operation(
  {
    method: "post",
    path: "/api/pilots/search",
    operationId: "pilots_search",
    tags: ["pilots"],
    query: searchQuery,
    json: SearchParams,
    bodyOptional: true,
    responses: searchResponses,
  },
  (_, user) => mustReadPilots(user),
  async ({ json: body, query, deps }, user) => {
    const found = await searchPilots(deps, user, body ?? SearchParams.parse({}), pageOf(query))
    return foundPage("pilots", query, found)
  },
)

export const summary = operation(
  {
    method: "post",
    path: "/api/pilots/summary",
    operationId: "pilots_summary",
    tags: ["pilots"],
    json: SummaryParams,
    responses: { 200: { schema: z.unknown() } },
  },
  (_, user) => mustReadPilots(user),
  async ({ json: body, deps }, user) => summarized(await summarizePilots(deps, user, body)),
)
