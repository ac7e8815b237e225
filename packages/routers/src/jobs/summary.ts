import * as z from "zod"
import { SummaryParams } from "@spinor/core/models/search"
import { mustQueryJobs } from "@spinor/logic/jobs/policy"
import { summarizeJobs } from "@spinor/logic/jobs/summary"
import { summarized } from "../http/search.ts"
import { operation } from "../operation.ts"

export const summary = operation(
  {
    method: "post",
    path: "/api/jobs/summary",
    operationId: "jobs_summary",
    tags: ["jobs"],
    json: SummaryParams,
    responses: { 200: { schema: z.unknown() } },
  },
  (_, user) => mustQueryJobs(user),
  async ({ json: body, deps }, user) => summarized(await summarizeJobs(deps, user, body)),
)
