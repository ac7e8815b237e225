import * as z from "zod"
import { InvalidRequestError } from "@spinor/core/errors"
import type { Instant } from "@spinor/core/instant"
import { RescheduleRequest } from "@spinor/core/models/jobs"
import { boolean } from "@spinor/core/models/lax"
import { jsonTime } from "@spinor/core/timestamp"
import { mustManageJobs } from "@spinor/logic/jobs/policy"
import {
  rescheduleJobs,
  type Rescheduled,
  type RescheduleResult,
} from "@spinor/logic/jobs/reschedule"
import { json } from "../http/answers.ts"
import { operation } from "../operation.ts"

export const reschedule = operation(
  {
    method: "post",
    path: "/api/jobs/reschedule",
    operationId: "jobs_reschedule_jobs",
    tags: ["jobs"],
    query: z.object({ reset_jobs: boolean.default(false) }),
    json: RescheduleRequest,
    embedded: true,
    responses: { 200: { schema: z.record(z.string(), z.unknown()) } },
  },
  async ({ json: { job_ids: jobIds }, deps }, user) => await mustManageJobs(deps, user, jobIds),
  async ({ json: { job_ids: jobIds }, query: { reset_jobs: resetCounters }, deps }) => {
    const result = returned(await rescheduleJobs(deps, jobIds, { resetCounters }))
    if (Object.keys(result.success).length === 0) throw new NoJobRescheduledError(result)
    return json(result)
  },
)

interface Returned {
  readonly failed: Record<string, { detail: string }>
  readonly success: Record<string, unknown>
}

/** None of the jobs could be rescheduled. */
class NoJobRescheduledError extends InvalidRequestError {
  readonly #result: Returned

  constructor(result: Returned) {
    super("No job was rescheduled")
    this.#result = result
  }

  override get detail() {
    return this.#result
  }
}

const returned = ({ success, failed }: RescheduleResult): Returned => ({
  failed: Object.fromEntries([...failed].map(([jobId, detail]) => [jobId, { detail }])),
  success: Object.fromEntries([...success].map(([jobId, job]) => [jobId, columnsOf(job)])),
})

const time = (at: Instant | undefined) => (at === undefined ? null : jsonTime(at))

const columnsOf = (job: Rescheduled) => ({
  // DiracX sends the job description under this name.
  InputData: job.jdl,
  Site: job.site ?? null,
  UserPriority: job.userPriority ?? null,
  RescheduleTime: time(job.rescheduleTime),
  RescheduleCounter: job.rescheduleCounter ?? null,
  Status: job.status ?? null,
  MinorStatus: job.minorStatus ?? null,
  ApplicationStatus: job.applicationStatus ?? null,
  HeartBeatTime: time(job.heartBeatTime),
  StartExecTime: time(job.startExecTime),
  EndExecTime: time(job.endExecTime),
  LastUpdateTime: time(job.lastUpdateTime),
})
