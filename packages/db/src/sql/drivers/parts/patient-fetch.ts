import { SILENT } from "../../dialects/fault.ts"
import type { EngineOptions } from "../../engine.ts"
import { isRecent, moment } from "../../../moment.ts"

/** So long does Node keep a connection that nobody uses. */
const KEPT_MS = 4000

/** What is silent for longer when it is tried is dead. */
const PATIENCE_MS = 1000
const TRIES = 3

export type PatientFetch = (
  target: string | Request,
  init?: object,
  signal?: AbortSignal,
) => Promise<Response>

/**
 * Fetches from one server, but does not wait for an answer for longer than for a statement. After a pause the
 * connections that Node has kept are tried first: a machine that slept has not seen them end.
 */
export function patientFetch(
  origin: string,
  { statementTimeout, prePing }: Pick<EngineOptions, "statementTimeout" | "prePing">,
): PatientFetch {
  let used = moment()
  let trying: Promise<void> | undefined
  return async (target, init, signal) => {
    if (prePing && !isRecent(KEPT_MS, used)) await (trying ??= tryKept(origin))
    trying = undefined
    used = moment()
    const patience = statementTimeout > 0 ? AbortSignal.timeout(statementTimeout) : undefined
    const signals = [patience, signal].filter((each) => each !== undefined)
    try {
      return await fetch(target, { ...init, signal: AbortSignal.any(signals) })
    } catch (error) {
      if (!patience?.aborted) throw error
      throw Object.assign(new Error("The server keeps silent", { cause: error }), { code: SILENT })
    } finally {
      used = moment()
    }
  }
}

/** Any answer will do. Who meets a dead connection ends it; that the server is away, the work tells. */
async function tryKept(origin: string): Promise<void> {
  for (let left = TRIES; left > 0; left--) {
    try {
      await fetch(origin, { method: "HEAD", signal: AbortSignal.timeout(PATIENCE_MS) })
      return
    } catch {
      continue
    }
  }
}
