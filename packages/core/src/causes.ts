/** An error and all that it wraps: a database's wraps the driver's, which may wrap several of its sockets. */
export function* causes(error: unknown): Generator {
  for (let cause = error; cause !== undefined && cause !== null;) {
    yield cause
    if (cause instanceof AggregateError) yield* cause.errors
    cause = cause instanceof Error ? cause.cause : undefined
  }
}
