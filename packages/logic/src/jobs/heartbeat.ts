import { NotFoundError } from "@spinor/core/errors"
import type { Instant } from "@spinor/core/instant"
import type { HeartbeatData, JobCommand } from "@spinor/core/models/jobs"
import type { Locking } from "@spinor/db/sql/dialects/dialect"
import type { JobsVisible, LockedJob, PendingCommand } from "@spinor/db/sql/job/records"
import { JoinedWrites } from "@spinor/db/sql/units/joined-writes"
import { applyStatuses, STATUS_DATABASES, type StatusUnit } from "./apply-statuses.ts"
import type { JobDeps } from "./deps.ts"
import { hasOutput, parametersOf, rowsOf } from "./heartbeat-data.ts"
import { areManaged, mustBeManaged } from "./policy.ts"

/** A sign of life brings a job back that was thought dead, or has just been matched. */
const REVIVED = new Set(["Matched", "Stalled"])

type HeartbeatDeps = Pick<JobDeps, "sql" | "clock" | "jobParameters" | "outbox">

type Beats = ReadonlyMap<number, HeartbeatData>

interface HeartbeatCall {
  readonly beats: Beats
  readonly managed: JobsVisible
}

const joined = new JoinedWrites<HeartbeatCall, JobCommand[]>({ units: 1, rowsOfCall: 10 })

/**
 * Takes signs of life of jobs, and gives the commands that wait for them, each once.
 * @throws ForbiddenError when not all of the jobs are managed by whom `managed` is about
 * @throws NotFoundError when one of the jobs does not exist; nothing is changed then
 */
export async function addHeartbeats(
  deps: HeartbeatDeps,
  beats: Beats,
  managed: JobsVisible,
): Promise<JobCommand[]> {
  const call = { beats, managed }
  const alone = () => addAlone(deps, call)
  // Others do not wait for OpenSearch, where parameters may be.
  if ([...beats.values()].some(hasOutput)) return await alone()
  const together = (calls: readonly HeartbeatCall[]) => addTogether(deps, calls)
  return await joined.write(deps, { call, rows: [...beats.keys()], alone, together })
}

async function addAlone(
  deps: HeartbeatDeps,
  { beats, managed }: HeartbeatCall,
): Promise<JobCommand[]> {
  const { sql, clock, jobParameters, outbox } = deps
  const jobIds = [...beats.keys()]
  return await sql.write(STATUS_DATABASES, async (unit, afterCommit) => {
    const now = clock()
    const { locked, commands } = await lockWithCommands(unit, jobIds)
    mustBeManaged(managed, jobIds, locked)
    requireAll(jobIds, locked)
    await noteBeats(unit, locked, beats, now)
    await unit.jobs.markSent(commands)
    await jobParameters.write(unit.jobs, parametersOf(locked, beats, now), now)
    afterCommit(() => outbox.sendSome(sql))
    return commands.map(shown)
  })
}

/** Of calls that concern different jobs, those whose jobs are all there, managed and not locked by others. */
async function addTogether(
  { sql, clock }: HeartbeatDeps,
  calls: readonly HeartbeatCall[],
): Promise<Map<HeartbeatCall, JobCommand[]>> {
  return await sql.write(STATUS_DATABASES, async (unit) => {
    const now = clock()
    const jobIds = calls.flatMap(({ beats }) => [...beats.keys()])
    const { locked, commands } = await lockWithCommands(unit, jobIds, { skipLocked: true })
    const free = new Map(locked.map((job) => [job.jobId, job]))
    const served = calls.filter(({ beats, managed }) => areManaged(managed, beats, free))
    const beats = new Map(served.flatMap((call) => [...call.beats]))
    const isServed = ({ jobId }: { readonly jobId: number }) => beats.has(jobId)
    await noteBeats(unit, locked.filter(isServed), beats, now)
    await unit.jobs.markSent(commands.filter(isServed))
    return new Map(
      served.map((call) => [
        call,
        commands.filter(({ jobId }) => call.beats.has(jobId)).map(shown),
      ]),
    )
  })
}

/** Asked for at once, they are one packet on MySQL. */
async function lockWithCommands(
  { jobs }: StatusUnit,
  jobIds: readonly number[],
  locking?: Locking,
) {
  const [locked, commands] = await Promise.all([
    jobs.lockJobs(jobIds, locking),
    jobs.waitingCommands(jobIds),
  ])
  return { locked, commands }
}

/** Notes that the jobs live, and how they are. */
async function noteBeats(
  unit: StatusUnit,
  locked: readonly LockedJob[],
  beats: Beats,
  now: Instant,
): Promise<void> {
  const revived = locked.filter(({ status }) => REVIVED.has(status))
  const running = { status: "Running", source: "Heartbeat" }
  const updates = new Map(revived.map(({ jobId }) => [jobId, new Map([[now, running]])]))
  const others = locked.filter(({ jobId }) => !updates.has(jobId))
  const unchanged = new Map(others.map(({ jobId }) => [jobId, { heartBeatTime: now }]))
  await applyStatuses(unit, locked, updates, { now, unchanged })
  await unit.jobs.insertHeartbeats([...beats].flatMap(([jobId, beat]) => rowsOf(jobId, beat, now)))
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
