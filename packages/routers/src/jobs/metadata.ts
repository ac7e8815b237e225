import { noContent } from "../http/answers.ts"
import { JobsMetaData } from "@spinor/core/models/jobs"
import { patchMetadata } from "@spinor/logic/jobs/metadata"
import { mustManageJobs } from "@spinor/logic/jobs/policy"
import { operation } from "../operation.ts"
import { byJobId } from "./by-job-id.ts"

export const metadata = operation(
  {
    method: "patch",
    path: "/api/jobs/metadata",
    operationId: "jobs_patch_metadata",
    tags: ["jobs"],
    json: JobsMetaData,
    errors: [404],
    responses: { 204: {} },
  },
  async ({ json: body, deps }, user) => await mustManageJobs(deps, user, [...byJobId(body).keys()]),
  async ({ json: body, deps }) => {
    await patchMetadata(deps, byJobId(body))
    return noContent
  },
)
