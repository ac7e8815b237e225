import * as z from "zod"
import { ServiceError } from "./errors.ts"
import { readAnswer, type Http, type HttpRequest } from "./http.ts"
import { refusal } from "./refusal.ts"
import { search } from "./search.ts"
import { userInfo } from "./service.ts"

const Inserted = z.looseObject({ JobID: z.int(), Status: z.string(), MinorStatus: z.string() })
export type Inserted = z.output<typeof Inserted>

/** One job for each JDL, or several for one that is parametric. */
export async function submitJobs(http: Http, jdls: readonly string[]): Promise<Inserted[]> {
  const answer = await http({ method: "POST", path: "/api/jobs/jdl", json: jdls })
  return readAnswer(z.array(Inserted), answer)
}

const Changed = z.looseObject({ Status: z.string().nullable() })
const Failed = z.object({ detail: z.string() })

/** What became of each job, by its id, as the service tells it. */
const Changes = z.object({
  success: z.record(z.string(), Changed),
  failed: z.record(z.string(), Failed),
})
export type Changes = z.output<typeof Changes>

/** The state machine lets go what has ended: such a job counts as failed, and why is said. */
export async function killJobs(http: Http, ids: readonly number[], now: number): Promise<Changes> {
  const time = new Date(now * 1000).toISOString()
  // The words of DIRAC's own command.
  const update = { Status: "Killed", MinorStatus: "Marked for termination", Source: "spinor" }
  const changes = await changeJobs(http, ids, (ids) => ({
    method: "PATCH",
    path: "/api/jobs/status",
    json: Object.fromEntries(ids.map((id) => [id, { [time]: update }])),
  }))
  const killed = Object.entries(changes.success).filter(([, { Status }]) => Status === "Killed")
  const others = Object.entries(changes.success).filter(([, { Status }]) => Status !== "Killed")
  const reasons = others.map(([id, { Status }]) => [id, { detail: whyNotKilled(Status) }] as const)
  return {
    success: Object.fromEntries(killed),
    failed: { ...changes.failed, ...Object.fromEntries(reasons) },
  }
}

const whyNotKilled = (status: string | null): string =>
  status === null
    ? "its status is newer than the clock of this machine: is the clock right?"
    : `a job that is ${status} cannot be killed`

/** Sends jobs back to the start; `reset` begins to count their reschedulings anew. */
export const rescheduleJobs = (
  http: Http,
  ids: readonly number[],
  { reset }: { reset: boolean },
): Promise<Changes> =>
  changeJobs(http, ids, (ids) => ({
    method: "POST",
    path: "/api/jobs/reschedule",
    query: { reset_jobs: String(reset) },
    json: { job_ids: ids },
  }))

/**
 * Changes jobs in one call. The service refuses it whole when one of them is not the user's: then
 * those that are go into a second one.
 */
async function changeJobs(
  http: Http,
  ids: readonly number[],
  request: (ids: readonly number[]) => HttpRequest,
): Promise<Changes> {
  const send = async (ids: readonly number[]) => await sendChange(http, request(ids))
  try {
    return await send(ids)
  } catch (error) {
    if (!(error instanceof ServiceError && error.status === 403)) throw error
    const failed = await foreignJobs(http, ids)
    const mine = ids.filter((id) => !Object.hasOwn(failed, id))
    if (mine.length === ids.length) throw error
    if (mine.length === 0) return { success: {}, failed }
    const changes = await send(mine)
    return { ...changes, failed: { ...changes.failed, ...failed } }
  }
}

async function sendChange(http: Http, request: HttpRequest): Promise<Changes> {
  // Its answer when no job was changed.
  const answer = await http({ ...request, expects: [400, 404] })
  if (answer.status < 400) return readAnswer(Changes, answer)
  const { data } = z.object({ detail: Changes }).safeParse(answer.body)
  if (data === undefined) throw new ServiceError(answer.status, refusal(answer.status, answer.body))
  return data.detail
}

/** Why the user may not change these jobs; without those that are the user's own. */
async function foreignJobs(http: Http, ids: readonly number[]): Promise<Changes["failed"]> {
  const user = await userInfo(http)
  const { rows } = await search(
    http,
    "jobs",
    {
      parameters: ["JobID", "Owner", "VO"],
      search: [{ parameter: "JobID", operator: "in", values: ids }],
    },
    { page: 1, perPage: ids.length },
  )
  const found = new Map(rows.map((row) => [Number(row["JobID"]), row]))
  const failed: Changes["failed"] = {}
  for (const id of ids) {
    const row = found.get(id)
    if (row === undefined) failed[id] = { detail: "no such job that you may see" }
    else if (row["Owner"] !== user.preferred_username || row["VO"] !== user.vo) {
      failed[id] = { detail: `it belongs to ${String(row["Owner"])}` }
    }
  }
  return failed
}
