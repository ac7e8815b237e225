import { createHash } from "node:crypto"
import type { Request } from "../load/request.ts"
import { CROWD, GROUP, PILOTS, runningJobs, SITE, stampOf } from "./rows.ts"

/** What a server lets its clients do, and what they know of it. */
export interface Known {
  /** How many jobs were stored before the first request. */
  readonly jobs: number
  /** How many jobs a call may submit. */
  readonly jobsPerCall: number
  /** Of the configuration. */
  readonly etag: string
}

/** What clients do over and over. */
export interface Workload {
  readonly as: "user" | "admin"
  /** The requests of one operation; a number is never used twice. */
  readonly requests: (number: number, known: Known) => readonly Request[]
  /** Whether each request has a token that no server has seen before. */
  readonly ownTokens?: true
  /** Whether all operations are the same. */
  readonly constant?: true
  readonly status: number
  /** What of an answer is the same in every right one, of every server. */
  readonly essence: (body: never) => unknown
  /** The rows that an operation adds. */
  readonly adds?: { readonly table: string; readonly rows: number }
  /** What an operation changes. */
  readonly leaves?: (known: Known) => Left
  /** Whether there is a bare route for it. */
  readonly hasFloor?: boolean
  /** How many clients do it, where so many as usual would wait for minutes. */
  readonly clients?: number
  /** Whether CROWD more jobs run, so that none is told of twice in a second. */
  readonly crowded?: true
}

/** Rows in which an operation leaves its number, as the last word of a column. */
export interface Left {
  readonly table: string
  readonly column: string
  /** That an operation changes. */
  readonly rows: number
  /** So many operations later the same rows are changed again. */
  readonly sets: number
}

const userinfo = {
  as: "user",
  hasFloor: true,
  requests: () => [{ method: "GET", path: "/api/auth/userinfo" }],
  status: 200,
  essence: (body: object) => body,
} satisfies Workload

const reading = {
  ...search("search, first page", "per_page=100", { search: [ofGroup()] }, { hasFloor: true }),
  ...search("search, page 50", "per_page=100&page=50", {
    search: [ofGroup()],
    sort: [{ parameter: "JobID", direction: "desc" }],
  }),
  ...search("search, filtered", "per_page=100", {
    search: [
      { parameter: "Status", operator: "in", values: ["Running", "Waiting"] },
      { parameter: "Site", operator: "eq", value: SITE },
    ],
    sort: [{ parameter: "JobID", direction: "desc" }],
  }),
  ...asked("summary", {
    path: "/api/jobs/summary",
    body: { grouping: ["Status"] },
    hasFloor: true,
    status: 200,
    essence: (groups: object[]) => groups.map((group) => JSON.stringify(group)).toSorted(),
  }),
  configuration: {
    as: "user",
    constant: true,
    hasFloor: true,
    requests: (_, { etag }) => [
      { method: "GET", path: "/api/config/", headers: { "if-none-match": etag } },
    ],
    status: 304,
    essence: () => undefined,
  },
  userinfo: { ...userinfo, constant: true },
  "userinfo, all different": { ...userinfo, ownTokens: true },
  ...asked("pilot search", {
    path: "/api/pilots/search?per_page=100",
    body: { search: [{ parameter: "Status", operator: "eq", value: "Running" }] },
    key: "PilotID",
    status: 206,
    essence: (rows: { PilotStamp: string }[]) => rows.map(({ PilotStamp }) => PilotStamp),
  }),
} satisfies Record<string, Workload>

const writing = {
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

/** In the order in which they are driven: those that change what others read come later. */
export const workloads: Readonly<Record<string, Workload>> = { ...reading, ...writing }

function ofGroup() {
  return { parameter: "JobGroup", operator: "eq", value: GROUP }
}

type Question = Readonly<Record<string, unknown>> & { readonly search?: readonly object[] }

function search(
  name: string,
  query: string,
  body: Question,
  more: Pick<Workload, "hasFloor"> = {},
) {
  const path = `/api/jobs/search?${query}`
  return asked(name, { path, body, status: 206, essence: (rows: object[]) => rows, ...more })
}

/**
 * Two workloads: the same question by all clients, which a server may answer at one go, and questions that
 * differ in a condition that holds for all rows.
 */
function asked(
  name: string,
  {
    path,
    body,
    key = "JobID",
    hasFloor = false,
    ...right
  }: Pick<Workload, "status" | "essence" | "hasFloor"> & {
    readonly path: string
    readonly body: Question
    /** A column of numbers that are positive. */
    readonly key?: string
  },
): Record<string, Workload> {
  const differing = (number: number) => ({
    ...body,
    search: [...(body.search ?? []), { parameter: key, operator: "gt", value: -number }],
  })
  return {
    [name]: {
      as: "user",
      constant: true,
      hasFloor,
      requests: () => [{ method: "POST", path, body }],
      ...right,
    },
    [`${name}, all different`]: {
      as: "user",
      hasFloor,
      requests: (number) => [{ method: "POST", path, body: differing(number) }],
      ...right,
    },
  }
}

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
    hasFloor: size === 1,
  }
}
