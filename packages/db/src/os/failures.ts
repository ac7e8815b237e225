import { errors } from "@opensearch-project/opensearch"
import { OsConnectionError, OsResponseError, OsUnavailableError } from "./errors.ts"

const AWAY = "OpenSearch is away"
const REFUSED = "OpenSearch refuses our credentials"
const READ_ONLY = "OpenSearch takes no changes"

const STATUSES_OF_AWAY = new Set([429, 502, 503, 504])
const STATUSES_OF_REFUSED = new Set([401, 403])

/** Whether the connection broke before an answer began: a connection that was kept is often closed meanwhile. */
export const isLost = (error: unknown): boolean =>
  error instanceof errors.ConnectionError && !error.meta.statusCode

/**
 * What an error of the client means. It holds the request, with credentials and documents, so that
 * nothing but its words goes on; what is no error of the client stays what it is.
 */
export function failureOf(error: unknown): unknown {
  if (error instanceof errors.ResponseError) return failureOfResponse(error)
  const isSilence =
    error instanceof errors.ConnectionError ||
    error instanceof errors.TimeoutError ||
    error instanceof errors.RequestAbortedError ||
    error instanceof errors.NoLivingConnectionsError
  if (isSilence)
    return new OsUnavailableError(AWAY, { cause: new OsConnectionError(error.message) })
  // Its message quotes the answer.
  if (error instanceof errors.DeserializationError) {
    return new OsUnavailableError(AWAY, {
      cause: new OsConnectionError("It answers with what is no JSON"),
    })
  }
  return error
}

function failureOfResponse({ meta }: errors.ResponseError): Error {
  const status = meta.statusCode ?? 0
  const { type, reason } = explained(meta.body)
  const cause = new OsResponseError(status, type, reason)
  if (STATUSES_OF_AWAY.has(status)) return new OsUnavailableError(AWAY, { cause })
  // An index or a cluster that is read-only, as when its disk is full.
  if (type === "cluster_block_exception") return new OsUnavailableError(READ_ONLY, { cause })
  if (STATUSES_OF_REFUSED.has(status)) return new OsUnavailableError(REFUSED, { cause })
  return cause
}

/**
 * OpenSearch tells a type and a reason, or a sentence; what stands before it, a message. The first line is
 * enough: after it AWS quotes the request that it would have signed, with the session's token.
 */
function explained(body: unknown): { type: string; reason: string } {
  const { error, message } = fieldsOf(body)
  const { type, reason } = fieldsOf(error)
  return { type: textOf(type), reason: firstLine(textOf(reason ?? error ?? message)) }
}

const firstLine = (text: string): string => text.split("\n", 1).join("")

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? { ...value } : {}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "")
