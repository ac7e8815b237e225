import * as z from "zod"
import { integer } from "@spinor/core/models/lax"
import { MAX_PER_PAGE, SearchParams } from "@spinor/core/models/search"
import { jsonTime } from "@spinor/core/timestamp"
import { mustQueryJobs } from "@spinor/logic/jobs/policy"
import { searchJobs } from "@spinor/logic/jobs/search"
import { json } from "../http/answers.ts"
import { contentRange } from "../http/content-range.ts"
import { operation } from "../operation.ts"
import { withTimes } from "./rows.ts"

const Rows = z.array(z.record(z.string(), z.unknown()))

export const search = operation(
  {
    method: "post",
    path: "/api/jobs/search",
    operationId: "jobs_search",
    tags: ["jobs"],
    query: z.object({
      page: integer({ min: 1 }).default(1),
      per_page: integer({ min: 1, max: MAX_PER_PAGE }).default(100),
    }),
    json: SearchParams,
    bodyOptional: true,
    errors: [416],
    responses: {
      200: { schema: Rows },
      206: { schema: Rows, headers: { "Content-Range": z.string() } },
    },
  },
  (_, user) => mustQueryJobs(user),
  async ({ json: body, query: { page, per_page: perPage }, deps }, user) => {
    const { total, rows } = await searchJobs(deps, user, body ?? SearchParams.parse({}), {
      page,
      perPage,
    })
    const { status, headers } = contentRange("jobs", { page, perPage, count: rows.length, total })
    return json(withTimes(rows, jsonTime), status, headers)
  },
)
