import * as z from "zod"
import { Heartbeats, JobCommand } from "@spinor/core/models/jobs"
import { addHeartbeats } from "@spinor/logic/jobs/heartbeat"
import { jobsManagedBy } from "@spinor/logic/jobs/policy"
import { json } from "../http/answers.ts"
import { operation } from "../operation.ts"
import { byJobId } from "./by-job-id.ts"

export const heartbeat = operation(
  {
    method: "patch",
    path: "/api/jobs/heartbeat",
    operationId: "jobs_add_heartbeat",
    tags: ["jobs"],
    json: Heartbeats,
    errors: [404],
    responses: { 200: { schema: z.array(JobCommand) } },
  },
  (_, user) => void jobsManagedBy(user),
  async ({ json: body, deps }, user) =>
    json(await addHeartbeats(deps, byJobId(body), jobsManagedBy(user))),
)
