import { describe, expect, it } from "vitest"
import { instant, instantOfEpoch, type Instant } from "@spinor/core/instant"
import { executionTimes } from "@spinor/core/jobs/execution-times"
import { mergeUpdates } from "@spinor/core/jobs/merge-updates"
import { nextState, TRANSITIONS } from "@spinor/core/jobs/state-machine"
import { FINAL_STATUSES, JOB_STATUSES } from "@spinor/core/jobs/status"
import { changeStatus, type JobStatusColumns } from "@spinor/core/jobs/status-change"
import { inOrder, type StatusUpdate } from "@spinor/core/jobs/status-update"
import { checkVector, vectorsOf } from "../../support/vectors.ts"

interface WireUpdate {
  readonly Status?: string
  readonly MinorStatus?: string
  readonly ApplicationStatus?: string
  readonly Source?: string
}

type WireUpdates = readonly (readonly [at: string, update: WireUpdate])[]

interface Constants {
  readonly JOB_FINAL_STATES: string[]
  readonly JOB_STATES: string[]
  readonly diracx_JobStatus: string[]
  readonly levels: Record<string, number>
}

interface NewStatusInput {
  readonly current: string
  readonly force: boolean
  readonly lastTime: string
  readonly updates: WireUpdates
}

interface NewStatus {
  readonly status: string
  readonly minor: string
  readonly application: string
  readonly updates_after: WireUpdates
}

interface TimesInput {
  readonly startTime: string | null
  readonly endTime: string | null
  readonly updates: WireUpdates
  readonly history_as_list_of_epoch_status: readonly (readonly [number, string])[]
}

interface SetStatusesInput {
  readonly job: { Status: string; StartExecTime: string | null; EndExecTime: string | null }
  readonly logging: readonly (readonly [at: string, status: string, ...unknown[]])[]
  readonly updates: WireUpdates
  readonly force: boolean
}

interface SetStatuses {
  readonly success: Record<string, Record<string, string>>
  readonly commands: readonly unknown[]
  readonly new_log_rows: readonly (readonly [number, string, string, string, string, string])[]
}

const NOW = instant("2024-05-03T13:00:00Z")
const STATES = [...TRANSITIONS.keys()]

const kind = <Input, Output>(name: string) =>
  vectorsOf<Input & { kind: string }, Output>("status.json").filter(
    ({ input }) => input.kind === name,
  )

describe("statuses of jobs", () => {
  it("are checked for every kind of vector but those of the service", () => {
    const kinds = new Set(vectorsOf<{ kind: string }, unknown>("status.json").map(kindOf))
    expect([...kinds].sort()).toEqual([
      // A body: validated over HTTP.
      "JobStatusUpdate",
      "constants",
      "getNewStatus",
      "getNextState",
      "getStartAndEndTime",
      "pairs",
      // No service of DiracX calls it.
      "setState",
      "set_job_statuses",
    ])
  })

  it.each(kind<object, Constants>("constants"))("have DiracX's names", ({ output }) => {
    expect({
      JOB_FINAL_STATES: FINAL_STATUSES,
      JOB_STATES: STATES.toSorted(),
      diracx_JobStatus: JOB_STATUSES,
      JOB_REALLY_FINAL_STATES: STATES.filter((state) => TRANSITIONS.get(state)?.length === 0),
      levels: Object.fromEntries([...STATES, "Nope"].map((name) => [name, STATES.indexOf(name)])),
    }).toEqual({ ...output, JOB_STATES: output?.JOB_STATES.toSorted() ?? [] })
  })

  it.each(
    kind<{ from: string }, { allowed: string[]; getNextState: Record<string, string> }>("pairs"),
  )("follow each other as in DIRAC: $name", ({ input: { from }, output }) => {
    expect(TRANSITIONS.get(from)?.toSorted()).toEqual(output?.allowed.toSorted())
    expect(Object.fromEntries(STATES.map((to) => [to, nextState(from, to)]))).toEqual(
      output?.getNextState,
    )
  })

  it.each(kind<{ from: string | null; to: string | null }, { state: string }>("getNextState"))(
    "must be known: $name",
    (vector) => {
      const { from, to } = vector.input
      checkVector(
        withoutMethod(vector),
        () => ({ state: nextState(from, to ?? "None") }),
        (recorded, answer) => expect(answer).toEqual(recorded),
      )
    },
  )

  it.each(kind<NewStatusInput, NewStatus>("getNewStatus"))(
    "are merged from updates: $name",
    (vector) => {
      const { current, force, lastTime, updates } = vector.input
      checkVector(
        withoutMethod(vector),
        () =>
          mergeUpdates(inOrder(readUpdates(updates, "")), {
            current,
            force,
            lastTime: instant(lastTime),
          }),
        ({ status, minor, application, updates_after: after }, answer) =>
          expect({
            status: answer.status ?? "",
            minor: answer.minorStatus ?? "",
            application: answer.applicationStatus ?? "",
            updates: answer.updates,
          }).toEqual({ status, minor, application, updates: inOrder(readUpdates(after, "")) }),
      )
    },
  )

  it.each(kind<TimesInput, { start: string | null; end: string | null }>("getStartAndEndTime"))(
    "tell when a job runs: $name",
    ({ input, output }) => {
      const { startTime, endTime, updates, history_as_list_of_epoch_status: history } = input
      expect(
        executionTimes(
          { start: optionalInstant(startTime), end: optionalInstant(endTime) },
          inOrder(readUpdates(updates, "")),
          history.map(([seconds, status]) => ({ at: instantOfEpoch(seconds * 1000), status })),
        ),
      ).toEqual({
        start: optionalInstant(output?.start ?? null),
        end: optionalInstant(output?.end ?? null),
      })
    },
  )

  it.each(kind<SetStatusesInput, SetStatuses>("set_job_statuses"))(
    "change a job and its log: $name",
    (vector) => {
      const { job, logging, updates, force } = vector.input
      checkVector(
        vector,
        () =>
          changeStatus(
            {
              status: job.Status,
              startExecTime: optionalInstant(job.StartExecTime) ?? null,
              endExecTime: optionalInstant(job.EndExecTime) ?? null,
              loggedTimes: new Map(logging.map(([at, status]) => [status, instant(at)])),
            },
            readUpdates(updates, "Unknown"),
            { now: NOW, force },
          ),
        ({ success, commands, new_log_rows: rows }, { columns, log, isKilled }) => {
          expect(wireColumns(columns)).toEqual(withInstants(success["1"] ?? {}))
          expect(isKilled).toBe(commands.length > 0)
          expect(log).toEqual(
            rows.map(([, status, minorStatus, applicationStatus, at, source]) => ({
              status,
              minorStatus,
              applicationStatus,
              at: instant(at),
              source,
            })),
          )
        },
      )
    },
  )
})

function kindOf({ input }: { input: { kind: string } }): string {
  return input.kind
}

/** DIRAC's messages begin with the name of the method, and show names as Python does. */
function withoutMethod<V extends { readonly error?: { readonly message?: string } }>(vector: V): V {
  const message = vector.error?.message?.replace(/^\w+: /, "").replace(/^None /, "'None' ")
  return message === undefined ? vector : { ...vector, error: { message } }
}

function readUpdates(updates: WireUpdates, source: string): Map<Instant, StatusUpdate> {
  return new Map(
    updates.map(([at, update]) => [
      instant(at),
      {
        ...(update.Status !== undefined && { status: update.Status }),
        ...(update.MinorStatus !== undefined && { minorStatus: update.MinorStatus }),
        ...(update.ApplicationStatus !== undefined && {
          applicationStatus: update.ApplicationStatus,
        }),
        source: update.Source ?? source,
      },
    ]),
  )
}

function optionalInstant(text: string | null): Instant | undefined {
  return text === null ? undefined : instant(text)
}

function wireColumns(columns: JobStatusColumns): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, value]) => [
      `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      value,
    ]),
  )
}

function withInstants(recorded: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(recorded).map(([name, value]) => [
      name,
      value === "<now>" ? NOW : name.endsWith("Time") ? instant(value) : value,
    ]),
  )
}
