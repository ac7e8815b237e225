import { createHash } from "node:crypto"
import type { Request } from "../load/request.ts"
import { CROWD, PILOTS, runningJobs, stampOf } from "./rows.ts"
import type { Workload } from "./workload.ts"

/** What leaves rows behind. */
export const writing = {
  "statuses of 1 job": statuses(1),
  "statuses of 100 jobs": statuses(100),
  "heartbeat of 1 job": heartbeat(1),
  "heartbeat of 100 jobs": heartbeat(100),
  "sandbox initiate": {
    as: "user",
    requests: (number) => [
      {
        method: "POST",
        path: "/api/jobs/sandbox",
        body: {
          checksum_algorithm: "sha256",
          checksum: createHash("sha256").update(String(number)).digest("hex"),
          size: 1000,
          format: "tar.zst",
        },
      },
    ],
    status: 200,
    essence: ({ pfn, url }: { pfn: string; url: unknown }) => [pfn.length, typeof url],
    adds: { table: "sb_SandBoxes", rows: 1 },
  },
  "pilot registration": {
    as: "admin",
    requests: (number) => [
      {
        method: "POST",
        path: "/api/pilots/",
        body: { pilot_stamp: `new${number}`, vo: "testvo" },
      },
    ],
    status: 201,
    essence: () => undefined,
    adds: { table: "PilotAgents", rows: 1 },
  },
  "metadata of 100 pilots": {
    as: "admin",
    requests: (number) => {
      const sets = PILOTS / 100
      const first = 1 + (number % sets) * 100
      const metadata = { StatusReason: `reason ${number}`, Status: "Running", BenchMark: 10 }
      const body = Object.fromEntries(
        Array.from({ length: 100 }, (_, i) => [stampOf(first + i), metadata]),
      )
      return [{ method: "PATCH", path: "/api/pilots/metadata", body }]
    },
    status: 204,
    essence: () => undefined,
    leaves: () => ({
      table: "PilotAgents",
      column: "StatusReason",
      rows: 100,
      sets: PILOTS / 100,
    }),
  },
  "submit 1 job": submission(1),
  "submit 20 jobs": submission(20),
  "submit 1,000 jobs": { ...submission(1000), clients: 2 },
} satisfies Record<string, Workload>

type Running = ReturnType<typeof runningJobs>

const setsOf = (size: number, { count }: Running): number => Math.floor(count / size)

/** Each operation is of the next jobs that run, so that no job is in two at once. */
function jobsOf(number: number, size: number, running: Running) {
  const first = running.first + (number % setsOf(size, running)) * size
  return Array.from({ length: size }, (_, i) => first + i)
}

/** Tells of these jobs what no other number tells: at a second of its own, later than all before. */
export function statusesOf(ids: readonly number[], number: number): Request {
  const time = new Date(Date.UTC(2026, 10, 1) + number * 1000).toISOString()
  const change = {
    [time]: {
      Status: "Running",
      MinorStatus: "Application",
      ApplicationStatus: `event ${number}`,
      Source: "JobWrapper",
    },
  }
  const body = Object.fromEntries(ids.map((id) => [id, change]))
  return { method: "PATCH", path: "/api/jobs/status", body }
}

function statuses(size: number): Workload {
  return {
    as: "user",
    requests: (number, { jobs }) => [statusesOf(jobsOf(number, size, runningJobs(jobs)), number)],
    status: 200,
    essence: ({ success, failed }: { success: object; failed: object }) => [
      Object.keys(success).length,
      Object.keys(failed).length,
    ],
    adds: { table: "LoggingInfo", rows: size },
    leaves: ({ jobs }) => ({
      table: "Jobs",
      column: "ApplicationStatus",
      rows: size,
      sets: setsOf(size, runningJobs(jobs)),
    }),
    hasFloor: size === 1,
  }
}

/** Six figures of each of these jobs. */
export function heartbeatOf(ids: readonly number[], number: number): Request {
  const figures = {
    LoadAverage: 1.5,
    MemoryUsed: 100,
    Vsize: 200,
    AvailableDiskSpace: 3,
    CPUConsumed: number,
    WallClockTime: 5,
  }
  const body = Object.fromEntries(ids.map((id) => [id, figures]))
  return { method: "PATCH", path: "/api/jobs/heartbeat", body }
}

function heartbeat(size: number): Workload {
  return {
    as: "user",
    requests: (number, { jobs }) => [
      heartbeatOf(jobsOf(number, size, { first: jobs + 1, count: CROWD }), number),
    ],
    status: 200,
    essence: (commands: object[]) => commands,
    adds: { table: "HeartBeatLoggingInfo", rows: size * 6 },
    hasFloor: size === 1,
    crowded: true,
  }
}

const JDL = `Executable = "echo"; Arguments = "hello"; JobName = "load"; JobGroup = "submitted"; JobType = "User";
StdOutput = "std.out"; StdError = "std.err"; OutputSandbox = {"std.out","std.err"}; Site = "ANY"; CPUTime = 1000;`

function submission(size: number): Workload {
  return {
    as: "user",
    constant: true,
    requests: (_, { jobsPerCall }) => {
      const inOneCall = Math.min(size, jobsPerCall)
      const body = Array.from({ length: inOneCall }, () => JDL)
      return Array.from({ length: size / inOneCall }, () => ({
        method: "POST",
        path: "/api/jobs/jdl",
        body,
      }))
    },
    status: 201,
    essence: (jobs: { Status: string; MinorStatus: string }[]) => [
      ...new Set(jobs.map(({ Status, MinorStatus }) => `${Status}, ${MinorStatus}`)),
    ],
    adds: { table: "Jobs", rows: size },
    hasFloor: size <= 20,
  }
}
