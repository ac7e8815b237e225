/** The driver's code of an error, such as "ER_DUP_ENTRY" or "40001". */
export function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : ""
}
