/** Why a copy does not begin, or ends early. The message is one line, and tells keys, but no other values. */
export class CopyError extends Error {
  override readonly name = "CopyError"
}
