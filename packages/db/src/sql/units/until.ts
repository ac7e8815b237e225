import { DeadlineError } from "@spinor/core/errors"

/**
 * Waits for work, but no longer than until a signal; what the work gives or throws later is lost.
 * @throws DeadlineError when the signal comes first
 */
export async function until<Result>(
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
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

/** A signal for the work of one unit, to which a commit is deaf: what has begun to commit goes to its end. */
export class UntilCommit {
  readonly #given: AbortSignal | undefined
  readonly #own = new AbortController()
  readonly #pass = () => this.#own.abort(this.#given?.reason)
  #mayHaveCommitted = false

  constructor(given: AbortSignal | undefined) {
    this.#given = given
    if (given?.aborted) this.#pass()
    given?.addEventListener("abort", this.#pass)
  }

  get signal(): AbortSignal {
    return this.#own.signal
  }

  get mayHaveCommitted(): boolean {
    return this.#mayHaveCommitted
  }

  /** Is told before each commit. @throws DeadlineError when the signal came first */
  commit(): void {
    refuseAfter(this.signal)
    this.#mayHaveCommitted = true
    this.end()
  }

  end(): void {
    this.#given?.removeEventListener("abort", this.#pass)
  }
}
