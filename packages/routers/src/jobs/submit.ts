import * as z from "zod"
import { InsertedJob } from "@spinor/core/models/jobs"
import { text } from "@spinor/core/models/lax"
import { mustSubmitJobs } from "@spinor/logic/jobs/policy"
import { submitJobs } from "@spinor/logic/jobs/submit"
import { json } from "../http/answers.ts"
import { operation } from "../operation.ts"

export const submit = operation(
  {
    method: "post",
    path: "/api/jobs/jdl",
    operationId: "jobs_submit_jdl_jobs",
    tags: ["jobs"],
    json: z.array(text, "Input should be a valid list"),
    responses: { 201: { schema: z.array(InsertedJob) } },
  },
  (_, user) => mustSubmitJobs(user),
  async ({ json: jdls, deps }, user) => json(await submitJobs(deps, user, jdls), 201),
)
