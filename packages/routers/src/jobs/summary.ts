import * as z from "zod"
import { SummaryParams } from "@spinor/core/models/search"
import { jsonTime } from "@spinor/core/timestamp"
import { mustQueryJobs } from "@spinor/logic/jobs/policy"
import { summarizeJobs } from "@spinor/logic/jobs/summary"
import { json } from "../http/answers.ts"
import { operation } from "../operation.ts"
import { withTimes } from "./rows.ts"

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
  async ({ json: body, deps }, user) => {
    const rows = await summarizeJobs(deps, user, body)
    // A summary's times are written by another part of FastAPI than a search's.
    return json(withTimes(rows, (at) => jsonTime(at).replace("Z", "+00:00")))
  },
)
