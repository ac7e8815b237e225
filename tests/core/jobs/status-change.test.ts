import { describe, expect, it } from "vitest"
import { InvalidRequestError } from "@spinor/core/errors"
import { instant } from "@spinor/core/instant"
import { changeStatus, type JobState } from "@spinor/core/jobs/status-change"
import type { StatusUpdate } from "@spinor/core/jobs/status-update"

const at = (second: number) => instant(`2024-05-03T12:00:${String(second).padStart(2, "0")}Z`)
const now = at(59)

const waiting: JobState = {
  status: "Waiting",
  startExecTime: null,
  endExecTime: null,
  loggedTimes: new Map([["Waiting", at(0)]]),
}

const updates = (...list: [second: number, update: Partial<StatusUpdate>][]) =>
  new Map(list.map(([second, update]) => [at(second), { source: "Unknown", ...update }]))

describe("a change of status", () => {
  it("keeps a forced status when an update without status follows", () => {
    const { columns, log } = changeStatus(
      waiting,
      updates([1, { status: "Done" }], [2, { minorStatus: "checked" }]),
      { now, force: true },
    )
    expect(columns).toMatchObject({ status: "Done", minorStatus: "checked" })
    expect(log.map(({ status }) => status)).toEqual(["Done", "idem"])
  })

  it("takes every update of a job without log", () => {
    const { columns } = changeStatus(
      { ...waiting, loggedTimes: new Map() },
      updates([1, { status: "Matched" }]),
      { now },
    )
    expect(columns).toEqual({ status: "Matched", lastUpdateTime: now })
  })

  it("is nothing without updates", () => {
    expect(changeStatus(waiting, updates(), { now })).toEqual({
      columns: {},
      log: [],
      isKilled: false,
    })
  })

  it("kills a job that a refused update does not bring back", () => {
    const { columns, isKilled } = changeStatus(
      waiting,
      updates([1, { status: "Killed" }], [2, { status: "Running" }]),
      { now },
    )
    expect(columns.status).toBe("Killed")
    expect(isKilled).toBe(true)
  })

  it("loses the heartbeat of a refused update from the heartbeat itself, as in DiracX", () => {
    const { columns } = changeStatus(
      waiting,
      updates([1, { status: "Running", source: "Heartbeat" }]),
      { now },
    )
    expect(columns.heartBeatTime).toBeUndefined()
  })

  it("cuts what the log has no place for, by characters", () => {
    const { log, columns } = changeStatus(
      waiting,
      updates([1, { applicationStatus: "🚀".repeat(256), source: "é".repeat(33) }]),
      { now },
    )
    expect(log[0]).toMatchObject({
      applicationStatus: "🚀".repeat(255),
      source: "é".repeat(32),
    })
    expect(columns.applicationStatus).toBe("🚀".repeat(256))
  })

  it("refuses a job in an unknown state", () => {
    expect(() =>
      changeStatus({ ...waiting, status: "Lost" }, updates([1, { status: "Running" }]), { now }),
    ).toThrow(InvalidRequestError)
  })
})
