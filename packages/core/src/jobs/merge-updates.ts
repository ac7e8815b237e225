import type { Instant } from "../instant.ts"
import { nextState } from "./state-machine.ts"
import type { TimedUpdate } from "./status-update.ts"

/** What the job's row becomes; a part that no update changed is undefined. */
export interface MergedUpdates {
  readonly status: string | undefined
  readonly minorStatus: string | undefined
  readonly applicationStatus: string | undefined
  /** All updates, with what the state machine made of the refused ones. */
  readonly updates: TimedUpdate[]
}

interface Options {
  readonly current: string
  /** Updates before it do not count; none is too old without it. */
  readonly lastTime: Instant | undefined
  /** Passes the state machine by. */
  readonly force: boolean
}

/**
 * Applies updates in order (DIRAC's `getNewStatus`): a refused one keeps the status and gets "(SM)" behind its source.
 * @throws InvalidRequestError when a state is unknown to the machine
 */
export function mergeUpdates(
  updates: readonly TimedUpdate[],
  { current, lastTime, force }: Options,
): MergedUpdates {
  let reached = current
  let status: string | undefined
  let minorStatus: string | undefined
  let applicationStatus: string | undefined
  const merged = updates.map((update) => {
    if (lastTime !== undefined && update.at < lastTime) return update
    const asked = update.status ?? reached
    const next = force || asked === reached ? asked : nextState(reached, asked)
    reached = next
    status = next
    minorStatus = update.minorStatus ?? minorStatus
    applicationStatus = update.applicationStatus ?? applicationStatus
    return next === asked ? update : { ...update, status: next, source: `${update.source}(SM)` }
  })
  return { status, minorStatus, applicationStatus, updates: merged }
}
