import { DeadlineError } from "./errors.ts"

/**
 * Waits for work, but no longer than until a signal; what the work gives or throws later is lost.
 * @throws DeadlineError when the signal comes first
 */
export async function until<Result>(
  signal: AbortSignal | undefined,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  if (signal === undefined) return await work()
  refuseAfter(signal)
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  const stop = () => reject(overdue(signal))
  signal.addEventListener("abort", stop)
  try {
    return await Promise.race([work(), stopped])
  } finally {
    signal.removeEventListener("abort", stop)
  }
}

/** @throws DeadlineError when the signal has come */
export function refuseAfter(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw overdue(signal)
}

export const overdue = ({ reason }: AbortSignal): DeadlineError =>
  new DeadlineError({ cause: reason })
