import {
  DeadlineError,
  InvalidRequestError,
  SpinorError,
  UnavailableError,
} from "@spinor/core/errors"
import type { Fault } from "../dialects/dialect.ts"
import type { Engine } from "../engine.ts"
import type { SqlTelemetry } from "../telemetry/telemetry.ts"
import { backOff } from "./retry.ts"

const ATTEMPTS = 6

export interface Repeating {
  /** Each once. */
  readonly engines: readonly Engine[]
  /** The database that an error names. */
  readonly databaseName: string
  /** False as soon as a commit may have happened. */
  readonly mayRepeat: () => boolean
  readonly telemetry: SqlTelemetry | undefined
  /** After which nothing is repeated. */
  readonly signal: AbortSignal | undefined
}

/**
 * Runs again what a deadlock or a lost connection undid, unless a commit was under way.
 * @throws UnavailableError that names the database, when it cannot be reached
 * @throws InvalidRequestError when the database refuses a value
 * @throws DeadlineError when the signal came before the work had ended
 */
export async function repeating<Result>(
  work: () => Promise<Result>,
  { engines, databaseName, mayRepeat, telemetry, signal }: Repeating,
): Promise<Result> {
  let lost = 0
  const worthRepeating = (fault: Fault | undefined): boolean => {
    // What the server refuses at the only commit has undone all. A duplicate is a number that two
    // transactions drew at once, such as a SeqNum.
    const isUndone = mayRepeat() || engines.length === 1
    if (fault === "contention" || fault === "duplicate") return isUndone
    // A server that is silent is not asked again: whoever asks has waited long enough.
    // A server that restarted has left dead connections in the pool; one that is away stays away.
    return mayRepeat() && fault === "unreachable" && lost++ < 1
  }
  const repeats = (error: unknown): boolean => {
    const fault = faultOf(error, engines)
    const repeated = worthRepeating(fault)
    if (repeated && fault !== undefined) telemetry?.repeated(databaseName, fault)
    return repeated
  }
  try {
    return await backOff(work, { attempts: ATTEMPTS, when: repeats, signal })
  } catch (cause) {
    if (signal?.aborted && !(cause instanceof SpinorError)) throw new DeadlineError({ cause })
    throw told(cause, faultOf(cause, engines), databaseName)
  }
}

/** What the caller is told of a fault of a database; its own message holds statements and values. */
function told(cause: unknown, fault: Fault | undefined, databaseName: string): unknown {
  switch (fault) {
    case "unreachable":
    case "silent":
    case "contention":
    case "locked":
      return new UnavailableError(`Cannot connect to ${databaseName}`, { cause })
    case "duplicate":
      return new InvalidRequestError("The database holds such a row already", { cause })
    case "invalid":
      return new InvalidRequestError("The database cannot hold or compare a value", { cause })
    case "present":
    case undefined:
      return cause
  }
}

function faultOf(error: unknown, engines: readonly Engine[]): Fault | undefined {
  for (const engine of engines) {
    const fault = engine.dialect.fault(error)
    if (fault !== undefined) return fault
  }
  return undefined
}
