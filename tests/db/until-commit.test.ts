import { getEventListeners } from "node:events"
import { expect, it } from "vitest"
import { DeadlineError } from "@spinor/core/errors"
import { UntilCommit } from "@spinor/db/sql/units/until-commit"

function unitWithDeadline() {
  const deadline = new AbortController()
  const unit = new UntilCommit(deadline.signal)
  unit.begin()
  return { unit, deadline }
}

it("breaks off the work of a unit at its deadline, with its reason", () => {
  const { unit, deadline } = unitWithDeadline()
  deadline.abort("late")
  expect(unit.signal.reason).toBe("late")
})

it("does not break off a commit", () => {
  const { unit, deadline } = unitWithDeadline()
  unit.commit()
  deadline.abort()
  expect(unit.signal.aborted).toBe(false)
})

it("does not commit after the deadline", () => {
  const { unit, deadline } = unitWithDeadline()
  deadline.abort()
  expect(() => unit.commit()).toThrow(DeadlineError)
  expect(unit.mayHaveCommitted).toBe(false)
})

it("breaks off the attempt after a commit that was undone", () => {
  const { unit, deadline } = unitWithDeadline()
  unit.commit()
  unit.begin()
  expect(unit.mayHaveCommitted).toBe(false)
  deadline.abort()
  expect(unit.signal.aborted).toBe(true)
})

it("begins no attempt when the deadline came during a commit that was undone", () => {
  const { unit, deadline } = unitWithDeadline()
  unit.commit()
  deadline.abort()
  expect(() => unit.begin()).toThrow(DeadlineError)
  expect(unit.signal.aborted).toBe(true)
})

it("listens to the deadline no more when the unit has ended, after any number of attempts", () => {
  const { unit, deadline } = unitWithDeadline()
  unit.begin()
  unit.commit()
  unit.begin()
  unit.end()
  expect(getEventListeners(deadline.signal, "abort")).toEqual([])
})
