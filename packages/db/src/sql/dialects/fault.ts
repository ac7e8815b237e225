/** Our code for a connection that was closed because its server did not answer in time. */
export const SILENT = "SPINOR_SILENT"

/** Our code for a unit of work that waited too long for a connection. */
export const POOL_TIMEOUT = "SPINOR_POOL_TIMEOUT"

/** The driver's code of an error, such as "ER_DUP_ENTRY" or "40001". */
export function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : ""
}

/** Whether a connection could not be made, or was lost, as Node and its `fetch` say it. */
export const isLostConnection = (code: string): boolean =>
  /^(ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|UND_ERR_\w+)$/.test(
    code,
  )
