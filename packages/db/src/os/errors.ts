import { UnavailableError } from "@spinor/core/errors"

/** OpenSearch does not answer, has too much to do, or does not let us in: it may be tried again later. */
export class OsUnavailableError extends UnavailableError {}

/** Why there is no answer, in words of the connection: they name the host, and hold nothing of the request. */
export class OsConnectionError extends Error {
  override readonly name = "OsConnectionError"
}

/** OpenSearch refused what was asked. What it says is for operators, and may quote documents. */
export class OsResponseError extends Error {
  override readonly name = "OsResponseError"
  readonly status: number
  /** Such as "index_not_found_exception"; empty where the answer has none. */
  readonly type: string
  readonly reason: string

  constructor(status: number, type: string, reason: string) {
    super(`OpenSearch answers ${[status, type, reason].filter((part) => part !== "").join(": ")}`)
    this.status = status
    this.type = type
    this.reason = reason
  }
}
