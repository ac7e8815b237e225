/** An error of which the client may be told: its message is safe to send. */
export abstract class SpinorError extends Error {
  /** What the body's `detail` holds; the message, unless a subclass has more to say. */
  get detail(): unknown {
    return this.message
  }
}

/** The request was understood, and what it asks cannot be (400). */
export class InvalidRequestError extends SpinorError {
  override readonly name: string = "InvalidRequestError"
}

/** Who calls is not known: no token, or one that does not hold (401). */
export class UnauthenticatedError extends SpinorError {
  override readonly name = "UnauthenticatedError"
  /** Whether the answer asks for a Bearer token (RFC 6750, section 3). */
  readonly challenge: boolean

  constructor(
    message: string,
    { challenge = false, ...options }: ErrorOptions & { challenge?: boolean } = {},
  ) {
    super(message, options)
    this.challenge = challenge
  }
}

/** The caller is known and may not do this (403). */
export class ForbiddenError extends SpinorError {
  override readonly name = "ForbiddenError"

  constructor(message = "Forbidden") {
    super(message)
  }
}

/** What the request names does not exist (404). */
export class NotFoundError extends SpinorError {
  override readonly name = "NotFoundError"
}

/** What the request wants to make exists (409). */
export class ConflictError extends SpinorError {
  override readonly name = "ConflictError"
}

/** A service on which Spinor depends answered wrongly, or not at all (502). */
export class BadGatewayError extends SpinorError {
  override readonly name = "BadGatewayError"
}

/** A part is away and may be back soon (503 with Retry-After). The message names at most the part. */
export class UnavailableError extends SpinorError {
  override readonly name: string = "UnavailableError"
}

/**
 * There is no time left for the request (503 with Retry-After). A unit of work that fails with it is rolled
 * back; the request may have had others before.
 */
export class DeadlineError extends UnavailableError {
  override readonly name = "DeadlineError"

  constructor(options?: ErrorOptions) {
    super("The request took too long", options)
  }
}

/** The administrator has not switched this on (503). */
export class DisabledError extends SpinorError {
  override readonly name = "DisabledError"
}

/** The caller tries too often (429 with Retry-After). */
export class TooManyRequestsError extends SpinorError {
  override readonly name = "TooManyRequestsError"
  /** Seconds after which another attempt is worth it. */
  readonly retryAfter: number

  constructor(message: string, retryAfter: number) {
    super(message)
    this.retryAfter = retryAfter
  }
}

/** A refusal of the token endpoint, in the form of RFC 6749, section 5.2 (400). */
export class OAuthError extends SpinorError {
  override readonly name = "OAuthError"
  /** The error code of the RFC, such as "invalid_grant". */
  readonly error: string

  constructor(error: string, description?: string) {
    super(description ?? error)
    this.error = error
  }
}
