import { refuseAfter } from "@spinor/core/until"

/** A signal for the work of one unit, to which a commit is deaf: what has begun to commit goes to its end. */
export class UntilCommit {
  readonly #given: AbortSignal | undefined
  readonly #own = new AbortController()
  readonly #pass = () => this.#own.abort(this.#given?.reason)
  #mayHaveCommitted = false

  constructor(given: AbortSignal | undefined) {
    this.#given = given
  }

  /** Is told before each attempt: one that was undone at its commit listens again. @throws DeadlineError */
  begin(): void {
    this.#mayHaveCommitted = false
    if (this.#given?.aborted) this.#pass()
    this.#given?.addEventListener("abort", this.#pass)
    refuseAfter(this.signal)
  }

  get signal(): AbortSignal {
    return this.#own.signal
  }

  /** Whether there is a signal to which the work has to listen. */
  get isBounded(): boolean {
    return this.#given !== undefined
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
