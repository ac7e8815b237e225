import { createHash } from "node:crypto"

/** SHA-256 in 64 hexadecimal digits: the form in which AuthDB keeps device codes and authorization codes. */
export const sha256Hex = (text: string): string => createHash("sha256").update(text).digest("hex")
