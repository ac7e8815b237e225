import { NotFoundError } from "@spinor/core/errors"
import type { Instant } from "@spinor/core/instant"
import type { HeartbeatData, JobCommand } from "@spinor/core/models/jobs"
import type {
  HeartbeatRow,
  JobsVisible,
  LockedJob,
  PendingCommand,
} from "@spinor/db/sql/job/records"
import { JoinedWrites, refusals } from "@spinor/db/sql/units/joined-writes"
import { applyStatuses, STATUS_DATABASES } from "./apply-statuses.ts"
import type { JobDeps } from "./deps.ts"
import { jobDocument } from "./parameters.ts"
import { mustBeManaged } from "./policy.ts"

/** The figures that table HeartBeatLoggingInfo keeps; all else is a parameter of the job. */
const FIGURES = [
  "LoadAverage",
  "MemoryUsed",
  "Vsize",
  "AvailableDiskSpace",
  "CPUConsumed",
  "WallClockTime",
] as const satisfies readonly (keyof HeartbeatData)[]

/** A sign of life brings a job back that was thought dead, or has just been matched. */
const REVIVED = new Set(["Matched", "Stalled"])

interface HeartbeatCall {
  readonly beats: ReadonlyMap<number, HeartbeatData>
  readonly managed: JobsVisible
}

type HeartbeatDeps = Pick<JobDeps, "sql" | "clock" | "jobParameters" | "outbox">

const joined = new JoinedWrites<HeartbeatCall, JobCommand[]>()

/**
 * Takes signs of life of jobs, and gives the commands that wait for them, each once.
 * @throws ForbiddenError when not all of the jobs are managed by whom `managed` is about
 * @throws NotFoundError when one of the jobs does not exist; nothing is changed then
 */
export async function addHeartbeats(
  deps: HeartbeatDeps,
  beats: ReadonlyMap<number, HeartbeatData>,
  managed: JobsVisible,
): Promise<JobCommand[]> {
  const call = { beats, managed }
  return await joined.write(deps.sql, call, [...beats.keys()], (calls) =>
    addHeartbeatsOf(deps, calls),
  )
}

/** Of calls that concern different jobs. */
async function addHeartbeatsOf(
  { sql, clock, jobParameters, outbox }: HeartbeatDeps,
  calls: readonly HeartbeatCall[],
): Promise<(call: HeartbeatCall) => JobCommand[]> {
  return await sql.write(STATUS_DATABASES, async (unit, afterCommit) => {
    const now = clock()
    const asked = calls.flatMap(({ beats }) => [...beats.keys()])
    // Asked for at once, they are one packet on MySQL.
    const [found, waiting] = await Promise.all([
      unit.jobs.lockJobs(asked),
      unit.jobs.waitingCommands(asked),
    ])
    const refused = refusals(calls, ({ beats, managed }) => {
      const jobIds = [...beats.keys()]
      const theirs = found.filter(({ jobId }) => beats.has(jobId))
      mustBeManaged(managed, jobIds, theirs)
      requireAll(jobIds, theirs)
    })
    const permitted = calls.filter((call) => !refused.has(call))
    const beats = new Map(permitted.flatMap((call) => [...call.beats]))
    const locked = found.filter(({ jobId }) => beats.has(jobId))
    const commands = waiting.filter(({ jobId }) => beats.has(jobId))

    const revived = locked.filter(({ status }) => REVIVED.has(status))
    const running = { status: "Running", source: "Heartbeat" }
    const updates = new Map(revived.map(({ jobId }) => [jobId, new Map([[now, running]])]))
    const others = locked.filter(({ jobId }) => !updates.has(jobId))
    const unchanged = new Map(others.map(({ jobId }) => [jobId, { heartBeatTime: now }]))
    await applyStatuses(unit, locked, updates, { now, unchanged })

    await unit.jobs.markSent(commands)
    await unit.jobs.insertHeartbeats(
      [...beats].flatMap(([jobId, beat]) => rowsOf(jobId, beat, now)),
    )
    await jobParameters.write(unit.jobs, parametersOf(locked, beats, now), now)
    afterCommit(() => outbox.sendSome(sql))
    return (call) => {
      if (refused.has(call)) throw refused.get(call)
      return commands.filter(({ jobId }) => call.beats.has(jobId)).map(shown)
    }
  })
}

const shown = ({ jobId, command, arguments: text }: PendingCommand): JobCommand => ({
  job_id: jobId,
  command,
  arguments: text,
})

function requireAll(jobIds: readonly number[], locked: readonly LockedJob[]): void {
  const found = new Set(locked.map(({ jobId }) => jobId))
  const missing = jobIds.filter((jobId) => !found.has(jobId))
  if (missing.length > 0) throw new NotFoundError(`Job ${Math.min(...missing)} not found`)
}

/** The table's key holds whole seconds on MySQL, so it does everywhere. */
function rowsOf(jobId: number, beat: HeartbeatData, now: Instant): HeartbeatRow[] {
  const heartBeatTime = `${now.slice(0, 19)}.000000Z` as Instant
  return FIGURES.flatMap((name) => {
    const value = beat[name]
    return value === null ? [] : { jobId, name, value: figure(value), heartBeatTime }
  })
}

/** As Python writes a float. */
const figure = (value: number): string =>
  Number.isInteger(value) ? value.toFixed(1) : String(value)

const parametersOf = (
  locked: readonly LockedJob[],
  beats: ReadonlyMap<number, HeartbeatData>,
  now: Instant,
) =>
  locked.flatMap((job) => {
    const output = beats.get(job.jobId)?.StandardOutput ?? null
    return output === null ? [] : jobDocument(job, { StandardOutput: output }, now)
  })
