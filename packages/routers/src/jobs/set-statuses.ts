import * as z from "zod"
import { InvalidRequestError, NotFoundError } from "@spinor/core/errors"
import type { Instant } from "@spinor/core/instant"
import type { StatusUpdate } from "@spinor/core/jobs/status-update"
import {
  JobStatusUpdates,
  SetJobStatusReturn,
  type JobStatusUpdate,
} from "@spinor/core/models/jobs"
import { boolean } from "@spinor/core/models/lax"
import { jsonTime, readTimestamp } from "@spinor/core/timestamp"
import { jobsManagedBy, mustForceStatuses } from "@spinor/logic/jobs/policy"
import type { StatusResult } from "@spinor/logic/jobs/apply-statuses"
import { setJobStatuses } from "@spinor/logic/jobs/set-statuses"
import { json } from "../http/answers.ts"
import { ValidationError } from "../http/validation.ts"
import { operation } from "../operation.ts"

export const setStatuses = operation(
  {
    method: "patch",
    path: "/api/jobs/status",
    operationId: "jobs_set_job_statuses",
    tags: ["jobs"],
    query: z.object({ force: boolean.default(false) }),
    json: JobStatusUpdates,
    errors: [404],
    responses: { 200: { schema: SetJobStatusReturn } },
  },
  ({ query: { force } }, user) => {
    if (force) mustForceStatuses(user)
    else jobsManagedBy(user)
  },
  async ({ json: body, query: { force }, deps }, user) => {
    const updates = new Map(
      Object.entries(body).map(([jobId, updates]) => [Number(jobId), byTime(jobId, updates)]),
    )
    const managed = force ? {} : jobsManagedBy(user)
    const result = returned(await setJobStatuses(deps, updates, { force, managed }))
    if (Object.keys(result.success).length === 0) throw new NoJobUpdatedError(result)
    return json(result)
  },
)

/** None of the jobs exists. */
class NoJobUpdatedError extends NotFoundError {
  readonly #result: SetJobStatusReturn

  constructor(result: SetJobStatusReturn) {
    super("No job was updated")
    this.#result = result
  }

  override get detail() {
    return this.#result
  }
}

function byTime(
  jobId: string,
  updates: Record<string, JobStatusUpdate>,
): Map<Instant, StatusUpdate> {
  return new Map(
    Object.entries(updates).map(([time, update]) => [timeOf(jobId, time), updateOf(update)]),
  )
}

function timeOf(jobId: string, time: string): Instant {
  const timestamp = readTimestamp(time)
  if (timestamp === undefined) {
    const msg = "Input should be a valid datetime"
    throw new ValidationError([
      { type: "datetime_from_date_parsing", loc: ["body", jobId, time, "[key]"], msg },
    ])
  }
  if (timestamp.at === undefined) {
    const shown = time.replace(/[Tt_]/, " ")
    throw new InvalidRequestError(
      `Timestamp ${shown} is not timezone aware for job ${jobId.trim()}`,
    )
  }
  return timestamp.at
}

const updateOf = (update: JobStatusUpdate): StatusUpdate => ({
  source: update.Source,
  ...(update.Status !== null && { status: update.Status }),
  ...(update.MinorStatus !== null && { minorStatus: update.MinorStatus }),
  ...(update.ApplicationStatus !== null && { applicationStatus: update.ApplicationStatus }),
})

function returned({ changed, failed }: StatusResult): SetJobStatusReturn {
  const time = (at: Instant | undefined) => (at === undefined ? null : jsonTime(at))
  const success = [...changed].map(([jobId, change]) => [
    jobId,
    {
      Status: change.status ?? null,
      MinorStatus: change.minorStatus ?? null,
      ApplicationStatus: change.applicationStatus ?? null,
      HeartBeatTime: time(change.heartBeatTime),
      StartExecTime: time(change.startExecTime),
      EndExecTime: time(change.endExecTime),
      LastUpdateTime: time(change.lastUpdateTime),
    },
  ])
  const details = [...failed].map(([jobId, detail]) => [jobId, { detail }])
  return { success: Object.fromEntries(success), failed: Object.fromEntries(details) }
}
