import { DeadlineError } from "@spinor/core/errors"

/** When a request has to be answered, where whoever answers is stopped soon after. */
export interface Deadline {
  /** Units of work are broken off and rolled back; one that commits goes on. */
  readonly stop: AbortSignal
  /** An answer is given, whatever is still under way; it comes after `stop`. */
  readonly over: AbortSignal
}

/** @throws DeadlineError when there is no answer until then: what was asked may be done nevertheless */
export async function answeredInTime(
  answer: () => Response | Promise<Response>,
  deadline: Deadline | undefined,
): Promise<Response> {
  if (deadline === undefined) return await answer()
  const { over } = deadline
  const { promise: late, reject } = Promise.withResolvers<never>()
  const giveUp = () => reject(new DeadlineError({ cause: over.reason }))
  over.addEventListener("abort", giveUp)
  try {
    return await Promise.race([answer(), late])
  } finally {
    over.removeEventListener("abort", giveUp)
  }
}
