import { isWithin } from "@spinor/core/elapsed"

/** Telemetry did not reach its destination. */
export class TelemetryError extends Error {
  override readonly name = "TelemetryError"
}

const SILENCE_MILLISECONDS = 600_000

/** Tells of a failure, and then of none for ten minutes: a collector that is away fails every batch. */
export function toldSeldom(tell: (error: TelemetryError) => void): (reason: unknown) => void {
  let told = -Infinity
  return (reason) => {
    if (isWithin(SILENCE_MILLISECONDS, told, performance.now())) return
    told = performance.now()
    const [first = reason] = [reason].flat()
    tell(new TelemetryError(first instanceof Error ? first.message : String(first)))
  }
}

/**
 * Waits for work that does not reject, but no longer than so many milliseconds, or until a signal. Once it took longer,
 * nobody waits for it any more, until it ends again.
 */
export function bounded(
  work: () => Promise<unknown>,
  milliseconds: number,
  onLate: () => void,
): (signal?: AbortSignal) => Promise<void> {
  let isLate = false
  const attempt = async () => {
    await work()
    isLate = false
    return "ended" as const
  }
  return async (signal) => {
    const ended = attempt()
    if (isLate || signal?.aborted) return
    const { promise: over, resolve } = Promise.withResolvers<"over">()
    const timer = setTimeout(resolve, milliseconds, "over")
    signal?.addEventListener("abort", () => resolve("over"), { once: true })
    const first = await Promise.race([ended, over])
    clearTimeout(timer)
    if (first === "ended") return
    isLate = true
    onLate()
  }
}
