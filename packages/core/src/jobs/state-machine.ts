import { InvalidRequestError } from "../errors.ts"

/**
 * Where a job may go from each state, in the order of DIRAC's levels.
 * Scouting is a legacy state, which no request can name.
 */
export const TRANSITIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ["Submitting", ["Received", "Checking", "Deleted", "Killed"]],
  ["Received", ["Scouting", "Checking", "Staging", "Waiting", "Failed", "Deleted", "Killed"]],
  ["Checking", ["Scouting", "Staging", "Waiting", "Rescheduled", "Failed", "Deleted", "Killed"]],
  ["Scouting", ["Checking", "Failed", "Stalled", "Killed"]],
  ["Staging", ["Checking", "Waiting", "Failed", "Killed"]],
  ["Waiting", ["Matched", "Rescheduled", "Deleted", "Killed"]],
  ["Matched", ["Running", "Failed", "Rescheduled", "Killed"]],
  ["Rescheduled", ["Waiting", "Received", "Deleted", "Failed", "Killed"]],
  ["Running", ["Stalled", "Done", "Failed", "Rescheduled", "Completing", "Killed", "Received"]],
  ["Stalled", ["Running", "Failed", "Killed"]],
  ["Completing", ["Done", "Failed", "Completed", "Stalled", "Killed"]],
  ["Completed", ["Done", "Failed"]],
  ["Done", ["Deleted"]],
  ["Failed", ["Rescheduled", "Deleted"]],
  ["Killed", ["Deleted"]],
  ["Deleted", []],
])

/**
 * Where a job goes that is asked to go from one state to another: there, or nowhere.
 * From Deleted, which has no transitions, it goes anywhere, as in DiracX.
 * @throws InvalidRequestError when a state is unknown
 */
export function nextState(from: string | null, to: string): string {
  transitionsOf(to)
  if (from === null) return to
  const next = transitionsOf(from)
  return next.length === 0 || next.includes(to) ? to : from
}

function transitionsOf(state: string): readonly string[] {
  const next = TRANSITIONS.get(state)
  if (next === undefined) throw new InvalidRequestError(`'${state}' is not a valid state`)
  return next
}
