/** A request before it is answered. No query: it may hold secrets. */
export interface TracedRequest {
  readonly method: string
  /** "http" or "https", as the service was asked itself. */
  readonly scheme: string
  readonly path: string
  /** The value of a header, by its name in any case. */
  readonly header: (name: string) => string | undefined
}

/** What became of it. */
export interface TracedAnswer {
  readonly status: number
  /** The path of the operation that answered, its parameters in braces; undefined where none did. */
  readonly route: string | undefined
  /** What went wrong inside. */
  readonly error: unknown
}

/** Is put around every request: calls `answer` once, and gives what that gives. */
export type RequestTrace = <Answered extends TracedAnswer>(
  request: TracedRequest,
  answer: () => Promise<Answered>,
) => Promise<Answered>
