import { expect, it } from "vitest"
import { jobOf, kindOf, rowsOf, writeOf, type Kind } from "./mix.ts"

const NUMBERS = Array.from({ length: 10_000 }, (_, number) => number)
const KNOWN = { jobs: 10_000, jobsPerCall: 20, etag: "" }

function counted(numbers: readonly number[]) {
  const counts: Record<Kind, number> = {
    "heartbeat of 1 job": 0,
    "submit 1 job": 0,
    "statuses of 1 job": 0,
  }
  for (const number of numbers) counts[kindOf(number)]++
  return counts
}

it.each([0, 50, 9950])(
  "of fifty writes from %d on, 22, 2 and 76 % are what they should be",
  (from) => {
    expect(counted(NUMBERS.slice(from, from + 50))).toEqual({
      "heartbeat of 1 job": 11,
      "submit 1 job": 1,
      "statuses of 1 job": 38,
    })
  },
)

it.each([0, 1])("servers that take turns get the same mix: %d", (turn) => {
  expect(counted(NUMBERS.filter((number) => number % 2 === turn))).toEqual({
    "heartbeat of 1 job": 1100,
    "submit 1 job": 100,
    "statuses of 1 job": 3800,
  })
})

it("no job is written twice within 99,991 writes, and all are of those that run", () => {
  const jobs = Array.from({ length: 99_991 }, (_, number) => jobOf(number + 123_456, 10_000))
  expect(new Set(jobs).size).toBe(99_991)
  expect(jobs.every((job) => job > 10_000 && job <= 110_000)).toBe(true)
})

it("a job gets heartbeats and statuses in the course of time", () => {
  const kinds = NUMBERS.slice(0, 50).map((round) => kindOf(7 + round * 99_991))
  expect(new Set(kinds).size).toBeGreaterThan(1)
})

it("a write is of its kind and of its job", () => {
  const paths = { "heartbeat of 1 job": "heartbeat", "statuses of 1 job": "status" }
  for (const number of NUMBERS.slice(0, 100)) {
    const kind = kindOf(number)
    const { path, body } = writeOf(number, KNOWN)
    if (kind === "submit 1 job") {
      expect([path, body]).toEqual(["/api/jobs/jdl", [expect.any(String)]])
    } else {
      const job = String(jobOf(number, 10_000))
      expect([path, body]).toEqual([`/api/jobs/${paths[kind]}`, { [job]: expect.anything() }])
    }
  }
})

it("a heartbeat has six figures, a submission a job and a record, a status a record", () => {
  expect(rowsOf(0, 100)).toEqual({ Jobs: 2, LoggingInfo: 78, HeartBeatLoggingInfo: 132 })
  expect(rowsOf(50, 50)).toEqual({ Jobs: 1, LoggingInfo: 39, HeartBeatLoggingInfo: 66 })
})
