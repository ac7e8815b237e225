import {
  BadGatewayError,
  ConflictError,
  DisabledError,
  ForbiddenError,
  InvalidRequestError,
  NotFoundError,
  OAuthError,
  TooManyRequestsError,
  UnauthenticatedError,
  UnavailableError,
} from "@spinor/core/errors"
import { json, type Answer } from "./answers.ts"
import { ValidationError } from "./validation.ts"

/** How an error is told to the client, in DiracX's words; nothing of an unknown error is told. */
export function answerOf(error: unknown): Answer {
  if (error instanceof ValidationError) return json({ detail: error.detail }, 422)
  if (error instanceof InvalidRequestError) return json({ detail: error.detail }, 400)
  if (error instanceof UnauthenticatedError) {
    const challenge: Record<string, string> = error.challenge
      ? { "www-authenticate": "Bearer" }
      : {}
    return json({ detail: error.detail }, 401, challenge)
  }
  if (error instanceof OAuthError) {
    const { error: code, message } = error
    return json({ error: code, ...(message !== code && { error_description: message }) }, 400)
  }
  if (error instanceof ForbiddenError) return json({ detail: error.detail }, 403)
  if (error instanceof NotFoundError) return json({ detail: error.detail }, 404)
  if (error instanceof ConflictError) return json({ detail: error.detail }, 409)
  if (error instanceof BadGatewayError) return json({ detail: error.detail }, 502)
  if (error instanceof TooManyRequestsError) {
    return json({ detail: error.detail }, 429, { "retry-after": String(error.retryAfter) })
  }
  if (error instanceof DisabledError) return json({ detail: error.detail }, 503)
  if (error instanceof UnavailableError) {
    return json({ detail: error.detail }, 503, { "retry-after": "10" })
  }
  return json({ detail: "Internal Server Error" }, 500)
}
