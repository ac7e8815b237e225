/** An error and what it wraps: drizzle wraps the driver's, the driver sometimes several of the socket. */
export function* causes(error: unknown): Generator {
  for (let cause = error; cause !== undefined && cause !== null;) {
    yield cause
    if (cause instanceof AggregateError) yield* cause.errors
    cause = cause instanceof Error ? cause.cause : undefined
  }
}

/** The driver's code of an error, such as "ER_DUP_ENTRY" or "40001". */
export function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : ""
}
